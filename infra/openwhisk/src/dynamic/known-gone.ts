import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds that a diff waits for an answer; then it goes by the state alone. */
const PATIENCE = 5_000;

/**
 * Whether something is known to be gone, by one look. A run that was killed after it had deleted something leaves it in the
 * state, and so does a store that was deleted; the engine asks nobody but the diff. A look that fails or takes too long says
 * nothing, and the thing counts as being there.
 *
 * @param look true when it is gone; the signal says that nobody waits for it any more
 */
export async function isKnownGone(look: (signal: AbortSignal) => Promise<boolean>): Promise<boolean> {
  const ended = new AbortController();
  const silence = sleep(PATIENCE, false, { ref: false, signal: ended.signal }).catch(() => false);
  try {
    return await Promise.race([look(ended.signal).catch(() => false), silence]);
  } finally {
    ended.abort();
  }
}
