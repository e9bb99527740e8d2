import type { CheckFailure } from '@pulumi/pulumi/dynamic';
import { z } from 'zod';
import type { EntityInputs, EntityOutputs } from '../entity/entity-inputs';
import { adopt, connection, entityName, keyValues, packageName } from '../entity/entity-schema';
import { findTooManyParameters } from '../entity/limits';
import { findReservedMark, mark } from '../entity/mark';
import { isObject, type JsonObject } from '../json';

/** Inputs of a package, as the provider receives them. */
export interface PackageInputs extends EntityInputs {
  readonly parameters?: JsonObject;
  readonly annotations?: JsonObject;
  readonly publish?: boolean;
  readonly binding?: { readonly namespace?: string; readonly name: string };
}

/** What the state keeps: the inputs, and what OpenWhisk told. */
export type PackageOutputs = EntityOutputs<PackageInputs>;

/** Form of each input. */
export const packageSchema = z.strictObject({
  connection,
  name: packageName,
  parameters: keyValues.optional(),
  annotations: keyValues.optional(),
  publish: z.boolean().optional(),
  binding: z.strictObject({ namespace: entityName.optional(), name: packageName }).optional(),
  adopt,
  mark,
});

/** Rules between inputs. */
export function checkPackage(inputs: Record<string, unknown>): CheckFailure[] {
  const failures = [...findTooManyParameters('parameters', inputs.parameters), ...findReservedMark(inputs.annotations)];
  if (isObject(inputs.annotations) && 'binding' in inputs.annotations) {
    failures.push({ property: 'annotations.binding', reason: 'is written by OpenWhisk; use the input binding' });
  }
  return failures;
}
