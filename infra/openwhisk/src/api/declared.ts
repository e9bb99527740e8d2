import type { CheckFailure } from '@pulumi/pulumi/dynamic';
import { toHostUrl, uuidOf } from '../connection/connection';
import { apiSchema } from './api-inputs';
import { collisionOf, type Place } from './collision';

/** The operations that were checked, by API. All resources of a run share one provider process, which ends with it. */
const declared = new Map<string, Place[]>();

/** Faults of an operation beside the others of the same API that this program declares; none while it is not known. */
export function findCollisions(inputs: Record<string, unknown>): CheckFailure[] {
  const known = apiSchema.safeParse(inputs);
  if (!known.success) return [];
  const { connection, basePath, path, verb } = known.data;
  const api = `${toHostUrl(connection.apihost)} ${uuidOf(connection)} ${basePath}`;
  const others = declared.get(api) ?? [];
  const failures = others.flatMap((other) => {
    const reason = collisionOf({ verb, path }, other);
    const it = `${other.verb.toUpperCase()} ${basePath}${other.path}`;
    return reason === undefined ? [] : [{ property: 'path', reason: `cannot exist beside ${it}: ${reason}` }];
  });
  if (failures.length === 0) declared.set(api, [...others, { verb, path }]);
  return failures;
}
