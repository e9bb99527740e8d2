import { isUnknown } from '../dynamic/unknown';
import type { PropertyRules } from '../entity/entity-difference';
import type { EntityDocument } from '../entity/entity-document';
import { toKeyValues, toObject, withoutKeys } from '../entity/entity-document';
import { pickOwnParameters } from '../entity/inherited';
import { MARK, readMark, writeMark } from '../entity/mark';
import { isObject, type JsonObject } from '../json';
import type { PackageInputs } from './package-inputs';

/** A package as OpenWhisk shows it; `binding` is `{}` for a package that binds nothing. */
export interface PackageDocument extends EntityDocument {
  readonly binding?: { readonly namespace?: string; readonly name?: string };
}

/** How packages are compared. A package cannot become a binding, nor a binding a package. */
export const packageProperties: PropertyRules = {
  name: { identity: true },
  parameters: { canonical: (value) => value ?? {} },
  annotations: { canonical: (value) => value ?? {} },
  publish: { canonical: (value) => value ?? false },
  mark: {},
  binding: {
    canonical: (value, { namespace }) => (isObject(value) ? bindingOf(value, namespace) : value),
    identity: (old, next) => (old === undefined) !== (next === undefined) && !isUnknown(next),
  },
};

/** The body of a PUT. Lists are sent whole, also when empty: OpenWhisk keeps what a PUT leaves out. */
export function makePackageBody(inputs: PackageInputs): object {
  const binding = inputs.binding && { namespace: inputs.binding.namespace ?? '_', name: inputs.binding.name };
  return {
    parameters: toKeyValues(inputs.parameters),
    annotations: toKeyValues({ ...inputs.annotations, ...writeMark(inputs.mark) }),
    publish: inputs.publish ?? false,
    ...(binding && { binding }),
  };
}

/**
 * The inputs that describe a package as it is, in the words of `previous` where they mean the same.
 *
 * @param inherited Parameters of the bound package, which a GET of the binding shows merged in.
 */
export function packageInputsOf(
  document: PackageDocument,
  previous: PackageInputs,
  inherited: JsonObject,
): Omit<PackageInputs, 'connection' | 'adopt'> {
  const { name, namespace } = document.binding ?? {};
  return {
    name: previous.name,
    parameters: pickOwnParameters(toObject(document.parameters), inherited, previous.parameters ?? {}),
    annotations: withoutKeys(toObject(document.annotations), 'binding', MARK),
    ...readMark(document.annotations),
    publish: document.publish ?? false,
    ...(name !== undefined && { binding: namespace === undefined ? { name } : { namespace, name } }),
  };
}

/** A binding's target, with `_` for one's own namespace however it is written. */
function bindingOf(binding: { readonly [key: string]: unknown }, own: unknown): object {
  const { namespace = '_', name } = binding;
  return { namespace: namespace === own ? '_' : namespace, name };
}
