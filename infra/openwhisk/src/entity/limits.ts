import type { CheckFailure } from '@pulumi/pulumi/dynamic';
import { hasUnknown } from '../dynamic/unknown';
import { isObject } from '../json';

/** Parameters of one entity, and the payload of a call, in bytes of JSON (`whisk.parameter-size-limit`). */
const PARAMETERS_MAX = 1024 * 1024;

/** Parameters above OpenWhisk's 1 MiB, if they are. */
export function findTooManyParameters(property: string, parameters: unknown): CheckFailure[] {
  if (!isObject(parameters) || hasUnknown(parameters)) return [];
  const size = Buffer.byteLength(JSON.stringify(parameters));
  if (size <= PARAMETERS_MAX) return [];
  return [{ property, reason: `takes ${size} bytes as JSON; OpenWhisk accepts ${PARAMETERS_MAX} (1 MiB)` }];
}
