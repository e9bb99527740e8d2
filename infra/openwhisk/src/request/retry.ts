import pRetry from 'p-retry';
import { type Failure, type FailureKind, failureOf } from './failure';
import { isKnownSilence } from './silence';

/**
 * How often a kind of failure is tried again. Delays double from 250 ms up to 15 s, times a random 1 to 2, so the
 * longest series (429: limits are counted by the minute) lasts between 45 and 90 s.
 */
const EVERYTHING: Partial<Record<FailureKind, number>> = {
  concurrent: 8,
  throttled: 8,
  unavailable: 5,
  refused: 4,
  lost: 4,
};

/** What never reached OpenWhisk, or was turned away at the door: safe to repeat for calls with effects of their own. */
const NOT_STARTED: Partial<Record<FailureKind, number>> = { throttled: 8, refused: 4 };

/**
 * Which repeats are safe. GET, PUT and DELETE of an entity may be repeated after anything (`any`); a second
 * invocation of an action is a second effect, so invocations are only repeated when the first never began.
 */
export type Repeatable = 'any' | 'not-started';

/** A request that failed for good. `answerLost` is set when an earlier or the last try may have taken effect unseen. */
export class RequestError extends Error {
  constructor(
    readonly failure: Failure,
    readonly answerLost: boolean,
  ) {
    super(failure.text);
    this.name = 'RequestError';
  }
}

/**
 * Runs a request until it succeeds, fails for a reason that time does not heal, or has been tried often enough.
 * @throws RequestError holding nothing of the request itself.
 */
export async function withRetries<T>(repeatable: Repeatable, request: () => Promise<T>): Promise<T> {
  const limits = repeatable === 'any' ? EVERYTHING : NOT_STARTED;
  let answerLost = false;
  return pRetry(
    async () => {
      try {
        return await request();
      } catch (error) {
        const failure = failureOf(error);
        answerLost ||= failure.kind === 'lost' || failure.kind === 'unavailable';
        throw new RequestError(failure, answerLost);
      }
    },
    {
      retries: 8,
      minTimeout: 250,
      maxTimeout: 15_000,
      factor: 2,
      randomize: true,
      shouldRetry: ({ error, attemptNumber }) =>
        error instanceof RequestError &&
        attemptNumber <= (limits[error.failure.kind] ?? 0) &&
        !isKnownSilence(error.failure),
    },
  );
}

/** True for a request that failed in one of these ways. */
export function isFailure(error: unknown, ...kinds: readonly FailureKind[]): error is RequestError {
  return error instanceof RequestError && kinds.includes(error.failure.kind);
}
