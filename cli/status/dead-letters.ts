/** The events of a stack that nobody could be given: looked at, and left where they are. */
import type { v1 } from '@google-cloud/pubsub';
import { z } from 'zod';
import { parseNotification } from '../../feed/event';
import { hasCode } from '../../ground/errors';
import { jsonOf } from '../client/http';
import { readRefusal } from '../client/openwhisk';
import type { Service } from '../client/service';
import { Failure, wordsOf } from '../failure';
import type { DeadLetter } from './account';

/** At most so many are looked at on Google Cloud. */
const MOST = 1000;
/** Milliseconds: Pub/Sub answers a pull when it has something; when it says nothing for so long, that was all. */
const SILENCE = 5_000;
const TIMEOUT = 20_000;
/** https://grpc.io/docs/guides/status-codes/ */
const DEADLINE_EXCEEDED = 4;

/** Those of the in bucket. @returns undefined when the stack keeps none. @throws Failure */
export async function readDeadLetters(service: Service): Promise<DeadLetter[] | undefined> {
  const { deadLetters, inBucket } = service.stack;
  if (deadLetters === undefined) return undefined;
  const all = deadLetters.startsWith('http') ? await fromHere(service, deadLetters) : await fromPubSub(deadLetters);
  return all.filter(({ bucket }) => bucket === inBucket);
}

interface Letter extends DeadLetter {
  readonly bucket: string;
}

const letters = z.array(
  z.object({
    bucket: z.string(),
    name: z.string(),
    generation: z.string().regex(/^\d+$/).transform(BigInt),
    reason: z.string(),
  }),
);

async function fromHere({ openwhisk }: Service, url: string): Promise<Letter[]> {
  const answer = await openwhisk?.get(url);
  if (answer === undefined) return [];
  if (answer.status !== 200) throw readRefusal(answer);
  const parsed = letters.safeParse(jsonOf(answer));
  if (parsed.success) return parsed.data;
  throw new Failure(`${url} does not answer with dead letters.`, 'Do the outputs belong to this stack?');
}

/** Pulls until nothing new comes, then gives all back at once: the deadline of a message set to 0 (Pub/Sub, "nack"). */
async function fromPubSub(subscription: string): Promise<Letter[]> {
  const { PubSub, v1 } = await import('@google-cloud/pubsub');
  const [, projectId = ''] = subscription.split('/');
  // The generated client alone does not know of an emulator in the environment.
  const { port = 443, ...config } = await new PubSub({ projectId }).getClientConfig();
  const client = new v1.SubscriberClient({ ...config, port: Number(port) });
  const found = new Map<string, Letter>();
  const held: string[] = [];
  try {
    while (held.length < MOST) {
      const received = await pull(client, subscription);
      if (received.length === 0) break;
      for (const { ackId, message } of received) {
        if (ackId) held.push(ackId);
        const parsed = parseNotification(message?.attributes ?? {}, Buffer.from(message?.data ?? ''));
        if (parsed.kind !== 'new-file') continue;
        const { bucket, name, generation } = parsed.event;
        found.set(message?.messageId ?? `${found.size}`, {
          ...{ bucket, name, generation: BigInt(generation) },
          reason: undefined,
        });
      }
    }
    return [...found.values()];
  } catch (error) {
    throw new Failure(
      `The dead letters of ${subscription} cannot be read: ${wordsOf(error)}.`,
      'Your Google account needs Pub/Sub Subscriber on it; log in with `gcloud auth application-default login`.',
    );
  } finally {
    await giveBack(client, subscription, held).catch(() => undefined);
    await client.close().catch(() => undefined);
  }
}

async function pull(client: v1.SubscriberClient, subscription: string) {
  try {
    const [{ receivedMessages }] = await client.pull(
      { subscription, maxMessages: 100 },
      { timeout: SILENCE, retry: null },
    );
    return receivedMessages ?? [];
  } catch (error) {
    if (hasCode(error, DEADLINE_EXCEEDED)) return [];
    throw error;
  }
}

async function giveBack(client: v1.SubscriberClient, subscription: string, ackIds: readonly string[]): Promise<void> {
  for (let from = 0; from < ackIds.length; from += 500) {
    const some = ackIds.slice(from, from + 500);
    await client.modifyAckDeadline({ subscription, ackIds: some, ackDeadlineSeconds: 0 }, { timeout: TIMEOUT });
  }
}
