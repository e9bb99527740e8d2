/** Waiting for what may never come. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves when the work has ended, or after so many milliseconds; these keep no process alive. @throws what the work throws in time */
export async function waitAtMost(milliseconds: number, work: Promise<unknown>): Promise<void> {
  await Promise.race([work, sleep(milliseconds, undefined, { ref: false })]);
}
