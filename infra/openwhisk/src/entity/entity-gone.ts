import type { DiffResult } from '@pulumi/pulumi/dynamic';
import type { KnownConnection } from '../connection/connection';
import { isKnownGone } from '../dynamic/known-gone';
import { hasUnknown } from '../dynamic/unknown';
import { failureOf } from '../request/failure';

/**
 * What a diff says of an entity whose inputs are all the same: no change, unless it is known to be gone. Then the update
 * makes it again.
 *
 * @param find looks once; rejects with the client's error, or gives undefined, when there is none
 */
export async function orGone(
  difference: DiffResult,
  connection: KnownConnection,
  find: () => Promise<unknown>,
): Promise<DiffResult> {
  if (difference.changes === true || hasUnknown(connection)) return difference;
  const isGone = () =>
    find().then(
      (found) => found === undefined,
      (error: unknown) => ['absent', 'other-collection'].includes(failureOf(error).kind),
    );
  return (await isKnownGone(isGone)) ? { ...difference, changes: true } : difference;
}
