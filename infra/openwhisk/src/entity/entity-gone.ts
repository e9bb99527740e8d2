import type { DiffResult } from '@pulumi/pulumi/dynamic';
import type { KnownConnection } from '../connection/connection';
import { hasUnknown } from '../dynamic/unknown';
import { failureOf } from '../request/failure';

/** Milliseconds that a diff waits to be told; then it goes by the state alone. */
const PATIENCE = 5_000;

/**
 * What a diff says of an entity whose inputs are all the same: no change, unless it is known to be gone. A run that was
 * killed after it had deleted an entity leaves it in the state, and so does a store that was deleted; the engine asks
 * nobody but the diff, and the update makes the entity again.
 *
 * @param find looks once; rejects with the client's error, or gives undefined, when there is none
 */
export async function orGone(
  difference: DiffResult,
  connection: KnownConnection,
  find: () => Promise<unknown>,
): Promise<DiffResult> {
  if (difference.changes === true || hasUnknown(connection)) return difference;
  return (await isGone(find)) ? { ...difference, changes: true } : difference;
}

/** No answer, or one that tells nothing, counts as being there. */
async function isGone(find: () => Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, PATIENCE, false);
  });
  const look = find().then(
    (found) => found === undefined,
    (error: unknown) => ['absent', 'other-collection'].includes(failureOf(error).kind),
  );
  try {
    return await Promise.race([look, late]);
  } finally {
    clearTimeout(timer);
  }
}
