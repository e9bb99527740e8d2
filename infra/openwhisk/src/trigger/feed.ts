import type openwhisk from 'openwhisk';
import { openClient } from '../connection/openwhisk-client';
import { isObject, type JsonObject } from '../json';
import { type Failure, failureOf } from '../request/failure';
import { isFailure, RequestError, withRetries } from '../request/retry';
import type { TriggerInputs } from './trigger-inputs';

/** Polls for an activation that outlasts the 60 s of a blocking call: 8 times, then the feed counts as failed. */
const PATIENCE = 8;

/**
 * Tells the trigger's feed that the trigger begins (`CREATE`). Source: "Implementing feed actions" in
 * apache/openwhisk/docs/feeds.md.
 *
 * @param triggerName `/namespace/name`, with the real namespace.
 * @throws RequestError with the feed's words. What a failed CREATE may have left is signed off first.
 */
export async function createFeed(inputs: TriggerInputs, triggerName: string): Promise<void> {
  try {
    await tell('CREATE', inputs, triggerName);
  } catch (error) {
    await deleteFeed(inputs, triggerName).catch(() => undefined); // the failure of CREATE is what counts
    throw error;
  }
}

/** Tells the feed that the trigger ends (`DELETE`). With a feed action that is gone there is nothing to unregister. */
export async function deleteFeed(inputs: TriggerInputs, triggerName: string): Promise<void> {
  try {
    await tell('DELETE', inputs, triggerName);
  } catch (error) {
    const unknownThere =
      isFailure(error, 'action-failed') && /not (be )?found|does not exist|404/i.test(error.failure.text);
    if (!isFailure(error, 'absent') && !unknownThere) throw error;
  }
}

async function tell(event: 'CREATE' | 'DELETE', inputs: TriggerInputs, trigger: string): Promise<void> {
  const { feed, feedParameters, connection } = inputs;
  if (feed === undefined) return;
  const { feeds, activations } = openClient(connection);
  const options = { name: feed, trigger, params: feedParameters ?? {} };
  const answer: unknown = await withRetries('not-started', () =>
    event === 'CREATE' ? feeds.create(options) : feeds.delete(options),
  );
  if (isObject(answer) && isObject(answer.response)) return;
  if (isObject(answer) && typeof answer.activationId === 'string') await outlast(activations, answer.activationId);
}

/** Waits for a feed that took longer than a blocking call. */
async function outlast(activations: openwhisk.Activations, activationId: string): Promise<void> {
  for (let attempt = 1; attempt <= PATIENCE; attempt++) {
    const record = await recordOf(activations, activationId);
    if (record === undefined) {
      await new Promise((resolve) => setTimeout(resolve, 1000 * attempt));
      continue;
    }
    if (record.response?.success === false) throw new RequestError(readFailedRecord(record.response.result), false);
    return;
  }
  const text = `the feed's activation ${activationId} had not ended after ${PATIENCE} checks`;
  throw new RequestError({ kind: 'action-failed', text }, true);
}

async function recordOf(activations: openwhisk.Activations, activationId: string) {
  try {
    return await withRetries('any', () => activations.get<JsonObject>({ name: activationId }));
  } catch (error) {
    if (isFailure(error, 'absent')) return undefined; // no record yet
    throw error;
  }
}

function readFailedRecord(result: unknown): Failure {
  return failureOf({ statusCode: 502, error: result });
}
