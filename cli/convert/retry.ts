/** What passes by itself is tried again: a limit of the moment, a gateway without a server behind it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../http';

const ATTEMPTS = 6;
/** Milliseconds before the second attempt; twice as many before each further one. */
const PAUSE = 500;
const LONGEST_PAUSE = 15_000;

/** Asks until the answer is one to go by, or there were enough. A refusal of our own (`isOurs`) is one. */
export async function persist(
  ask: () => Promise<Answer>,
  isOurs: (answer: Answer) => boolean,
  signal: AbortSignal,
): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await ask();
    const passes = answer.status === 429 || ([502, 503, 504].includes(answer.status) && !isOurs(answer));
    if (!passes || attempt === ATTEMPTS) return answer;
    const wanted = Number(answer.headers['retry-after'] ?? 0) * 1000 || PAUSE * 2 ** (attempt - 1);
    // Not all at the same moment again.
    const pause = Math.min(wanted, LONGEST_PAUSE) * (0.75 + Math.random() / 2);
    await sleep(pause, undefined, { signal });
  }
}
