/** Limits of an action: those given within their bounds, the others as before or by default. */
import { Refusal } from '../core';
import type { StoredLimits } from '../entity/documents';
import { mapActionLimits } from '../entity/limits';
import { messages } from '../entity/messages';
import type { LimitsPut } from './decode';
import { Rejection } from './request';

/**
 * The limits that an action gets.
 * @throws Refusal 400 for a limit out of bounds
 */
export function mergeLimits(put: LimitsPut = {}, old: StoredLimits | undefined, maxInFlight: number): StoredLimits {
  const kept = mapActionLimits(({ min, max, std, words, unit }, name) => {
    const value = put[name];
    if (value === undefined) return old?.[name] ?? std;
    if (value > max) throw new Refusal(400, messages.limitOutOfBounds(words.bounds, value, 'exceeds', max, unit));
    if (value < min) throw new Refusal(400, messages.limitOutOfBounds(words.bounds, value, 'below', min, unit));
    return value;
  });
  const instances = put.instances ?? old?.instances;
  if (put.instances !== undefined && put.instances < 0) {
    throw new Rejection(400, messages.contentMalformed(messages.instancesNegative));
  }
  if (put.instances !== undefined && put.instances > maxInFlight) {
    throw new Refusal(400, messages.instancesTooMany(maxInFlight));
  }
  return { ...kept, ...(instances === undefined ? {} : { instances }) };
}
