import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PubSub, v1 } from '@google-cloud/pubsub';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { bundleFeed } from '../../feed/bundle';
import { type PlayedOpenWhisk, playOpenWhisk } from './played-openwhisk';
import { buildPubSubServer, type PubSubServer, startPubSubServer } from './pubsub-server';

const missing = buildPubSubServer();
const PATIENCE = { timeout: 60_000, interval: 50 };
const ATTEMPTS = 5;
/** Seconds. The server's least one. */
const DEADLINE = { ackDeadlineSeconds: 2 };

/** The service as it is deployed: one file, its own process, its environment; Google's client on a real Pub/Sub protocol. */
describe.skipIf(missing !== undefined)(`the feed on Pub/Sub${missing ? ` (skipped: ${missing})` : ''}`, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-feed-'));
  const children = new Set<ChildProcess>();
  let server: PubSubServer;
  let client: PubSub;
  let openwhisk: PlayedOpenWhisk;
  let names: { topic: string; subscription: string; dead: string };
  let tests = 0;

  beforeAll(async () => {
    await bundleFeed(folder);
    server = await startPubSubServer();
    // Where Google's client looks for a server that is not Google's.
    process.env.PUBSUB_EMULATOR_HOST = server.address;
    client = new PubSub({ projectId: 'p' });
  });
  afterAll(async () => {
    await client?.close();
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  beforeEach(async () => {
    openwhisk = await playOpenWhisk();
    tests += 1;
    names = { topic: `new-files-${tests}`, subscription: `feed-${tests}`, dead: `dead-letters-${tests}` };
    const [topic] = await client.createTopic(names.topic);
    const [deadLetterTopic] = await client.createTopic(names.dead);
    await deadLetterTopic.createSubscription(names.dead, DEADLINE);
    await topic.createSubscription(names.subscription, {
      ...DEADLINE,
      deadLetterPolicy: { deadLetterTopic: deadLetterTopic.name, maxDeliveryAttempts: ATTEMPTS },
    });
  });
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    children.clear();
    openwhisk.close();
  });

  async function startService(env: Record<string, string> = {}) {
    const child = spawn(process.execPath, [path.join(folder, 'main.cjs')], {
      env: {
        PUBSUB_EMULATOR_HOST: server.address,
        OPENWHISK_APIHOST: openwhisk.apihost,
        OPENWHISK_AUTH: 'uuid:key',
        TRIGGER: 'new-file',
        SUBSCRIPTION: `projects/p/subscriptions/${names.subscription}`,
        PORT: '0',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.add(child);
    let log = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (log += chunk.toString()));
    await vi.waitFor(() => expect(log).toContain('events flow'), PATIENCE);
    return {
      log: () => log,
      async end(signal: NodeJS.Signals): Promise<number | null> {
        const closed = once(child, 'close');
        child.kill(signal);
        const [code] = (await closed) as [number | null];
        children.delete(child);
        return code;
      },
    };
  }

  /** Publishes what Cloud Storage does for a new file. */
  const publish = (...objects: string[]) =>
    Promise.all(
      objects.map((objectId) =>
        client.topic(names.topic).publishMessage({
          attributes: {
            eventType: 'OBJECT_FINALIZE',
            payloadFormat: 'JSON_API_V1',
            bucketId: 'ada-in',
            objectId,
            objectGeneration: '1760000000123456789',
          },
          data: Buffer.from(JSON.stringify({ name: objectId, contentType: 'image/jpeg', size: '1234' })),
        }),
      ),
    );

  /** What a subscription still has, taken out of it. */
  async function left(subscription: string): Promise<Record<string, string>[]> {
    const { servicePath, port, sslCreds } = await client.getClientConfig();
    const subscriber = new v1.SubscriberClient({
      projectId: 'p',
      ...(servicePath !== undefined && { servicePath }),
      port: Number(port),
      ...(sslCreds !== undefined && { sslCreds }),
    });
    try {
      const name = `projects/p/subscriptions/${subscription}`;
      const [{ receivedMessages }] = await subscriber.pull({
        subscription: name,
        maxMessages: 1000,
        returnImmediately: true,
      });
      const found = receivedMessages ?? [];
      if (found.length > 0)
        await subscriber.acknowledge({ subscription: name, ackIds: found.map(({ ackId }) => ackId ?? '') });
      return found.map(({ message }) => ({ ...message?.attributes }));
    } finally {
      await subscriber.close();
    }
  }

  /** Nothing comes again once the longest deadline of the server is over. */
  async function expectNothingLeft(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(await left(names.subscription)).toEqual([]);
  }

  const objects = (events: readonly { name: string }[]) => events.map(({ name }) => name).sort();

  test('fires the trigger with each new file, once, and leaves nothing in the subscription', async () => {
    const service = await startService();
    const all = Array.from({ length: 50 }, (_, i) => `photo ${i}.jpg`).sort();
    await publish(...all);
    await vi.waitFor(() => expect(objects(openwhisk.taken)).toEqual(all), PATIENCE);
    expect(openwhisk.taken[0]).toEqual({
      bucket: 'ada-in',
      name: expect.stringMatching(/^photo/),
      generation: '1760000000123456789',
      contentType: 'image/jpeg',
      size: 1234,
    });
    expect(await service.end('SIGTERM')).toBe(0);
    await expectNothingLeft();
    expect(openwhisk.fired).toHaveLength(50);
  });

  test('gets an event again that it was killed with, before the acknowledgement', async () => {
    const service = await startService();
    // Never answered: OpenWhisk has it, the feed does not know.
    openwhisk.answer = () => undefined;
    await publish('a.jpg', 'b.jpg');
    await vi.waitFor(() => expect(openwhisk.fired).toHaveLength(2), PATIENCE);
    await service.end('SIGKILL');
    openwhisk.answer = () => 202;
    const next = await startService();
    await vi.waitFor(() => expect(objects(openwhisk.taken)).toEqual(['a.jpg', 'b.jpg']), PATIENCE);
    expect(objects(openwhisk.fired)).toEqual(['a.jpg', 'a.jpg', 'b.jpg', 'b.jpg']);
    await next.end('SIGTERM');
    await expectNothingLeft();
  });

  test(`leaves to the dead letters what the trigger refuses ${ATTEMPTS} times, and what is no notification`, async () => {
    openwhisk.answer = ({ name }) => (name === 'bad.jpg' ? 400 : 202);
    const service = await startService();
    await publish('bad.jpg', 'good.jpg');
    await client.topic(names.topic).publishMessage({ data: Buffer.from('hello'), attributes: { from: 'another' } });
    const dead: Record<string, string>[] = [];
    await vi.waitFor(async () => {
      dead.push(...(await left(names.dead)));
      expect(dead).toHaveLength(2);
    }, PATIENCE);
    expect(dead.map(({ objectId, from }) => objectId ?? from).sort()).toEqual(['another', 'bad.jpg']);
    expect(objects(openwhisk.taken)).toEqual(['good.jpg']);
    expect(openwhisk.fired.filter(({ name }) => name === 'bad.jpg')).toHaveLength(ATTEMPTS);
    expect(service.log()).toMatch(/ada-in\/bad\.jpg .* is refused: OpenWhisk answered 400/);
    expect(service.log()).toMatch(/is not a notification from Cloud Storage/);
    await service.end('SIGTERM');
    await expectNothingLeft();
  });

  test('holds on to an event while OpenWhisk is away for longer than any deadline: none is delivered twice', async () => {
    const until = Date.now() + 14_000;
    openwhisk.answer = () => (Date.now() < until ? 503 : 202);
    const service = await startService();
    await publish('a.jpg', 'b.jpg', 'c.jpg');
    await vi.waitFor(() => expect(openwhisk.taken).toHaveLength(3), PATIENCE);
    expect(await service.end('SIGTERM')).toBe(0);
    expect(objects(openwhisk.taken)).toEqual(['a.jpg', 'b.jpg', 'c.jpg']);
    await expectNothingLeft();
    expect(await left(names.dead)).toEqual([]);
  });

  test('is stopped in the middle of its work: what was begun is ended, the rest comes to the next one, none twice', async () => {
    openwhisk.answer = async () => {
      await new Promise((resolve) => setTimeout(resolve, 200));
      return 202;
    };
    const all = Array.from({ length: 40 }, (_, i) => `${i}.jpg`).sort();
    const service = await startService({ MAX_IN_FLIGHT: '4' });
    await publish(...all);
    await vi.waitFor(() => expect(openwhisk.taken.length).toBeGreaterThan(6), PATIENCE);
    expect(await service.end('SIGTERM')).toBe(0);
    const { length } = openwhisk.taken;
    expect(length).toBeLessThan(40);
    // None was cut off: OpenWhisk has answered all that it was asked.
    expect(openwhisk.fired).toHaveLength(length);
    const next = await startService();
    await vi.waitFor(() => expect(objects(openwhisk.taken)).toEqual(all), PATIENCE);
    await next.end('SIGTERM');
    await expectNothingLeft();
    expect(openwhisk.fired).toHaveLength(40);
  });

  test('waits for a subscription that is not there yet, and begins when it is', async () => {
    const subscription = names.subscription;
    names = { ...names, subscription: `${subscription}-later` };
    const service = await startService();
    await vi.waitFor(() => expect(service.log()).toMatch(/-later cannot be read: .*Trying again/), PATIENCE);
    await client.topic(names.topic).createSubscription(names.subscription, DEADLINE);
    await publish('a.jpg');
    await vi.waitFor(() => expect(objects(openwhisk.taken)).toEqual(['a.jpg']), PATIENCE);
    expect(await service.end('SIGTERM')).toBe(0);
  });
});
