import type { CheckFailure } from '@pulumi/pulumi/dynamic';
import { z } from 'zod';
import type { KnownConnection } from '../connection/connection';
import { adopt, connection, entityName, keyValues, packageName } from '../entity/entity-schema';
import { tooManyParameters } from '../entity/limits';
import { type Mark, mark, reservedMark } from '../entity/mark';
import { isObject, type JsonObject } from '../json';

/** Inputs of a package, as the provider receives them. */
export interface PackageInputs {
  readonly connection: KnownConnection;
  readonly name: string;
  readonly parameters?: JsonObject;
  readonly annotations?: JsonObject;
  readonly publish?: boolean;
  readonly binding?: { readonly namespace?: string; readonly name: string };
  readonly adopt?: boolean;
  /** Absent in the state of older versions. */
  readonly mark?: Mark;
}

/** What the state keeps: the inputs, and what OpenWhisk told. */
export interface PackageOutputs extends PackageInputs {
  /** The real namespace. */
  readonly namespace: string;
  /** Absent while nobody knows whether the create took effect. */
  readonly version?: string;
}

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
export function packageRules(inputs: Record<string, unknown>): CheckFailure[] {
  const failures = [...tooManyParameters('parameters', inputs.parameters), ...reservedMark(inputs.annotations)];
  if (isObject(inputs.annotations) && 'binding' in inputs.annotations) {
    failures.push({ property: 'annotations.binding', reason: 'is written by OpenWhisk; use the input binding' });
  }
  return failures;
}
