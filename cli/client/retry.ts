/** What passes by itself is tried again: a limit of the moment, a gateway without a server behind it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, type Http, NoAnswer } from './http';
import { readRefusal } from './openwhisk';

const ATTEMPTS = 6;
/** Milliseconds before the second attempt; twice as many before each further one. */
const PAUSE = 500;
const LONGEST_PAUSE = 15_000;

/**
 * Asks until the answer is one to go by, or there were enough. A refusal of our own (`isOurs`) is one. A service that does not
 * answer any more, but did, is waited for as well: nothing that is asked for here does harm when it is done twice.
 */
export async function persist(
  http: Http,
  ask: () => Promise<Answer>,
  isOurs: (answer: Answer) => boolean,
  signal: AbortSignal,
): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    let wanted = PAUSE * 2 ** (attempt - 1);
    try {
      const answer = await ask();
      const passes = answer.status === 429 || ([502, 503, 504].includes(answer.status) && !isOurs(answer));
      if (!passes || attempt === ATTEMPTS) return answer;
      wanted = Number(answer.headers['retry-after'] ?? 0) * 1000 || wanted;
    } catch (error) {
      if (!(error instanceof NoAnswer) || !http.hasAnswered || attempt === ATTEMPTS) throw error;
    }
    // Not all at the same moment again.
    await sleep(Math.min(wanted, LONGEST_PAUSE) * (0.75 + Math.random() / 2), undefined, { signal });
  }
}

/** A web action's 502 with a code is the action's own: it would answer the same again. */
export function hasCode(answer: Answer): boolean {
  return readRefusal(answer).code !== undefined;
}
