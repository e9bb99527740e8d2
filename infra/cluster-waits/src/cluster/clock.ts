/** Time, and a place for a word in between, so that tests need not wait for either. Milliseconds. */
export interface Clock {
  /** Since some moment: nobody sets it, as people set the time of day. */
  now(): number;
  sleep(ms: number): Promise<void>;
  /** Tells the user how a long wait goes. Pulumi shows what a provider writes to standard error. */
  report(line: string): void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  report: (line) => console.warn(line),
};

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;

/**
 * Asks every few seconds until `attempt` gives something, or `timeout` milliseconds have passed (then undefined). It asks
 * once more at the very end. What `attempt` throws ends it.
 */
export async function poll<T>(
  attempt: () => Promise<T | undefined>,
  timeout: number,
  clock: Clock,
  interval = 3 * SECOND,
): Promise<T | undefined> {
  const end = clock.now() + timeout;
  for (;;) {
    const last = clock.now() >= end;
    const found = await attempt();
    if (found !== undefined || last) return found;
    await clock.sleep(Math.min(interval, Math.max(0, end - clock.now())));
  }
}
