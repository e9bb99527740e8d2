/** How long to wait before the next attempt. */

/** Milliseconds. */
export interface Backoff {
  readonly first: number;
  readonly longest: number;
}

export const BACKOFF: Backoff = { first: 200, longest: 30_000 };

/**
 * Doubles with each attempt up to the longest, and takes a random part of that between half and all of it, so that many who
 * wait do not come back at once ("equal jitter").
 * @param attempt failed ones so far, 1 or more
 * @param least milliseconds that the other side asked for (`Retry-After`)
 * @param random a number in [0, 1)
 */
export function computePause(attempt: number, { first, longest }: Backoff, least = 0, random = Math.random()): number {
  const whole = Math.min(longest, first * 2 ** Math.min(attempt - 1, 30));
  return Math.max(least, whole / 2 + (whole / 2) * random);
}
