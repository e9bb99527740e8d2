import { PubSub } from '@google-cloud/pubsub';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openService } from '../../cli/client/service';
import { readOutputs, stackOf } from '../../cli/stack/stack';
import { readDeadLetters } from '../../cli/status/dead-letters';
import { buildPubSubServer, type PubSubServer, startPubSubServer } from '../feed/pubsub-server';

const missing = buildPubSubServer();
const SUBSCRIPTION = 'projects/p/subscriptions/dead';

describe.skipIf(missing !== undefined)(`dead letters on Pub/Sub${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let server: PubSubServer;
  let client: PubSub;
  beforeAll(async () => {
    server = await startPubSubServer();
    process.env.PUBSUB_EMULATOR_HOST = server.address;
    client = new PubSub({ projectId: 'p' });
    const [topic] = await client.createTopic('dead');
    await topic.createSubscription('dead', { ackDeadlineSeconds: 60 });
    const publish = (bucketId: string, objectId: string) =>
      topic.publishMessage({
        data: Buffer.from('{"size":"3"}'),
        attributes: { eventType: 'OBJECT_FINALIZE', bucketId, objectId, objectGeneration: '12' },
      });
    await Promise.all(Array.from({ length: 120 }, (_, index) => publish('in', `${index}.jpg`)));
    await publish('another', 'x.jpg');
    await topic.publishMessage({ data: Buffer.from('no notification at all') });
  });
  afterAll(async () => {
    await client?.close();
    await server?.stop();
  });

  test('are all looked at, and left where they are for the next look', async () => {
    const outputs = {
      student: 'ada',
      apihost: 'https://openwhisk.example',
      endpoints: { v1: 'https://openwhisk.example/convert/pdf' },
      buckets: { in: 'in', out: 'out' },
      storage: 'https://storage.googleapis.com',
      events: { source: 'pubsub', deadLetters: SUBSCRIPTION },
    };
    const stack = stackOf(readOutputs(outputs, 'the test'), async () => 'uuid:key');
    for (const look of [1, 2]) {
      const letters = await readDeadLetters(openService(stack, false));
      expect(letters, `look ${look}`).toHaveLength(120);
      expect(new Set(letters?.map(({ name }) => name)).size).toBe(120);
      expect(letters?.[0]).toMatchObject({ generation: 12n });
    }
  });
});
