/** Ends a request whose client sends or reads so slowly that it would hold its place for ever. */

/** How slow a client may be. */
export interface Patience {
  /** Milliseconds in which at least a byte has to pass. */
  readonly silence: number;
  /** Milliseconds after which the rate of the whole request counts; Google's API ends the slowest after some 315 s. */
  readonly grace: number;
  /** Bytes a second that have to pass on average from then on. */
  readonly rate: number;
}

export const PATIENCE: Patience = { silence: 60_000, grace: 300_000, rate: 1024 };

/**
 * Looks, until it is told to stop, whether a request goes on.
 * @param progress bytes that have passed so far
 * @param cut called once, when it is too slow
 * @returns stops looking
 */
export function watchPace(patience: Patience, progress: () => number, cut: () => void): () => void {
  const began = performance.now();
  let seen = progress();
  let seenAt = began;
  const timer = setInterval(
    () => {
      const now = performance.now();
      const bytes = progress();
      if (bytes !== seen) [seen, seenAt] = [bytes, now];
      const elapsed = now - began;
      const tooSlow = elapsed > patience.grace && bytes < (elapsed / 1000) * patience.rate;
      if (now - seenAt < patience.silence && !tooSlow) return;
      clearInterval(timer);
      cut();
    },
    Math.max(5, Math.min(1000, patience.silence / 4, patience.grace / 4)),
  );
  timer.unref();
  return () => clearInterval(timer);
}
