import type { ReadResult } from '@pulumi/pulumi/dynamic';
import { namespaceOf } from '../connection/connection';
import { pick } from '../dynamic/check-inputs';
import { withoutUndefined } from '../json';
import { findChangedProperties, type PropertyRules } from './entity-difference';
import type { EntityDocument } from './entity-document';
import type { EntityInputs, EntityOutputs } from './entity-inputs';

/**
 * Lays what a refresh found over what the state had: a property keeps its old spelling (or absence) while it means the
 * same, so that an unchanged entity leaves an unchanged state.
 */
export function refreshState<I extends object>(rules: PropertyRules, previous: I, found: object): I {
  const actual: Record<string, unknown> = { ...found };
  const changed = findChangedProperties(rules, previous, found).map((name) => [name, actual[name]]);
  return { ...previous, ...Object.fromEntries(changed) };
}

/** What a refresh says of an entity that is there; `found` are the inputs that describe it as it is. */
export function makeFoundState<I extends EntityInputs>(
  id: string,
  rules: PropertyRules,
  previous: EntityOutputs<I>,
  found: object,
  { version }: EntityDocument,
): ReadResult {
  const outs = withoutUndefined({ ...refreshState(rules, previous, found), version });
  return { id, props: outs, inputs: pick(outs, ['connection', 'adopt', ...Object.keys(rules)]) };
}

/**
 * Id and outputs of an entity that was written; without a document when nobody could look whether the write took effect.
 * @param names the inputs that the state keeps
 */
export function makeWrittenState<I extends EntityInputs>(
  inputs: I,
  names: readonly string[],
  document: EntityDocument | undefined,
): { readonly id: string; readonly outs: EntityOutputs<I> } {
  const namespace = document?.namespace ?? namespaceOf(inputs.connection);
  const outs = withoutUndefined({ ...pick(inputs, names), namespace, version: document?.version });
  return { id: `/${namespace}/${inputs.name}`, outs: outs as unknown as EntityOutputs<I> };
}
