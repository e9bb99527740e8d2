import type { CheckFailure } from '@pulumi/pulumi/dynamic';
import { z } from 'zod';
import type { EntityInputs, EntityOutputs } from '../entity/entity-inputs';
import { adopt, connection, entityName, entityPath, keyValues } from '../entity/entity-schema';
import { findTooManyParameters } from '../entity/limits';
import { findReservedMark, mark } from '../entity/mark';
import { isObject, type JsonObject } from '../json';

/** Inputs of a trigger, as the provider receives them. */
export interface TriggerInputs extends EntityInputs {
  readonly parameters?: JsonObject;
  readonly annotations?: JsonObject;
  readonly publish?: boolean;
  readonly feed?: string;
  readonly feedParameters?: JsonObject;
}

/**
 * What the state keeps. `feed` and `feedParameters` are those that the feed was really told: after a failed CREATE they
 * are absent, so the next update sees what is missing.
 */
export type TriggerOutputs = EntityOutputs<TriggerInputs>;

/** Form of each input. */
export const triggerSchema = z.strictObject({
  connection,
  name: entityName,
  parameters: keyValues.optional(),
  annotations: keyValues.optional(),
  publish: z.boolean().optional(),
  feed: entityPath.optional(),
  feedParameters: keyValues.optional(),
  adopt,
  mark,
});

/** What every feed is given; `wsk trigger create --feed` sends the same three. */
const FEED_PROTOCOL = ['lifecycleEvent', 'triggerName', 'authKey'];

/** Rules between inputs. */
export function checkTrigger(inputs: Record<string, unknown>): CheckFailure[] {
  const { annotations, feed, feedParameters } = inputs;
  const failures = [
    ...findTooManyParameters('parameters', inputs.parameters),
    ...findTooManyParameters('feedParameters', feedParameters),
    ...findReservedMark(annotations),
  ];
  if (isObject(annotations) && 'feed' in annotations) {
    failures.push({ property: 'annotations.feed', reason: 'use the input feed' });
  }
  if (feedParameters !== undefined && feed === undefined) {
    failures.push({ property: 'feedParameters', reason: 'needs feed' });
  }
  for (const key of isObject(feedParameters) ? FEED_PROTOCOL.filter((name) => name in feedParameters) : []) {
    failures.push({ property: `feedParameters.${key}`, reason: 'is sent to every feed automatically' });
  }
  return failures;
}
