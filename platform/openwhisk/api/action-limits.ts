/** Limits of an action: those given within their bounds, the others as before or by default. */
import { Refusal } from '../core';
import type { StoredLimits } from '../entity/documents';
import { limits } from '../entity/limits';
import { messages } from '../entity/messages';
import type { LimitsPut } from './decode';
import { Rejection } from './request';

interface Bound {
  readonly min: number;
  readonly max: number;
}

function check(
  value: number | undefined,
  { min, max }: Bound,
  text: (value: number, word: string, bound: number) => string,
): void {
  if (value === undefined) return;
  if (value > max) throw new Refusal(400, `requirement failed: ${text(value, 'exceeds', max)}`);
  if (value < min) throw new Refusal(400, `requirement failed: ${text(value, 'below', min)}`);
}

const size = (field: string) => (value: number, word: string, bound: number) =>
  `${field} size ${value} MB ${word} allowed threshold of ${bound} MB`;

/**
 * The limits that an action gets.
 * @throws Refusal 400 for a limit out of bounds
 */
export function limitsFor(
  put: LimitsPut | undefined,
  old: StoredLimits | undefined,
  maxInFlight: number,
): StoredLimits {
  const { memory, timeout, logs, concurrency } = put ?? {};
  check(memory, limits.memory, size('memory'));
  check(
    timeout,
    limits.time,
    (value, word, bound) => `duration ${value} milliseconds ${word} allowed threshold of ${bound} milliseconds`,
  );
  check(logs, limits.logs, size('log'));
  check(
    concurrency,
    limits.concurrency,
    (value, word, bound) => `concurrency ${value} ${word} allowed threshold of ${bound}`,
  );
  const instances = put?.instances ?? old?.instances;
  if (put?.instances !== undefined && put.instances < 0) {
    const why = 'requirement failed: Action container concurrency must be greater than or equal to 0.';
    throw new Rejection(400, messages.contentMalformed(why));
  }
  if (put?.instances !== undefined && put.instances > maxInFlight) {
    throw new Refusal(
      400,
      `Max action instance concurrency must not exceed your namespace concurrency of ${maxInFlight}.`,
    );
  }
  return {
    timeout: timeout ?? old?.timeout ?? limits.time.std,
    memory: memory ?? old?.memory ?? limits.memory.std,
    logs: logs ?? old?.logs ?? limits.logs.std,
    concurrency: concurrency ?? old?.concurrency ?? limits.concurrency.std,
    ...(instances === undefined ? {} : { instances }),
  };
}
