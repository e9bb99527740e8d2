import { once } from 'node:events';
import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WatchedBucket } from '../../platform/events/bucket';
import { StorageSource } from '../../platform/events/source';
import { KILLED, SUCCESS } from '../feed/played-openwhisk';
import { openStage, type Stage, TRIGGER } from './stage';

const PATIENCE = { timeout: 30_000, interval: 20 };
const quiet = () => new Promise((resolve) => setTimeout(resolve, 500));

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const names = () => stage.openwhisk.taken.map(({ name }) => name).sort();
const start = () => stage.flows.start(TRIGGER, 'in-bucket');
const settled = (...expected: string[]) => vi.waitFor(() => expect(names()).toEqual(expected), PATIENCE);

describe('no event is lost', () => {
  test('that came while the platform was down, or before the flow was on; none comes twice', async () => {
    await stage.put('before.jpg');
    await start();
    await settled('before.jpg');
    await stage.restart(async () => {
      await stage.put('down.jpg');
      await stage.put('folder/down too.jpg');
    });
    await settled('before.jpg', 'down.jpg', 'folder/down too.jpg');
    await stage.restart();
    await quiet();
    expect(names()).toEqual(['before.jpg', 'down.jpg', 'folder/down too.jpg']);
  });

  test('that the platform was killed with, between the upload and the answer of OpenWhisk', async () => {
    stage.openwhisk.answer = () => undefined;
    await start();
    for (let i = 0; i < 30; i += 1) await stage.put(`${i}.jpg`);
    await vi.waitFor(() => expect(stage.openwhisk.fired.length).toBe(16), PATIENCE);
    stage.openwhisk.answer = () => 202;
    // The first 16 get no answer: the grace passes, and they are given back.
    await stage.restart();
    await settled(...Array.from({ length: 30 }, (_, i) => `${i}.jpg`).sort());
  });

  test('that OpenWhisk had and the ledger did not: it is fired again, with the same generation', async () => {
    await start();
    await stage.put('a.jpg');
    await settled('a.jpg');
    await stage.restart(async () => undefined);
    const [event] = stage.openwhisk.taken;
    if (event === undefined) throw new Error('no event');
    await stage.ledger.forget(event.generation, 'guest/new-file', 'in-bucket', 'a.jpg');
    await stage.restart();
    await settled('a.jpg', 'a.jpg');
    expect(stage.openwhisk.taken[1]).toEqual(event);
  });

  test('while OpenWhisk is full: all are fired in the end, a bounded number at a time', async () => {
    let open = 0;
    let most = 0;
    let answers = 0;
    stage.openwhisk.answer = async () => {
      most = Math.max(most, ++open);
      await new Promise((resolve) => setTimeout(resolve, 5));
      open -= 1;
      answers += 1;
      return answers % 3 === 0 ? 202 : 429;
    };
    await start();
    const all = Array.from({ length: 100 }, (_, i) => `${i}.jpg`).sort();
    await Promise.all(all.map((name) => stage.put(name)));
    await settled(...all);
    expect(most).toBeLessThanOrEqual(16);
    expect(stage.flows.listDeadLetters()).toEqual([]);
  });

  test('by a write that the storage server died in: the bucket is looked at', async () => {
    await start();
    await stage.put('a.jpg');
    await settled('a.jpg');
    // What such a write leaves: an object that nobody has told of.
    const { flows } = stage;
    const written = vi.spyOn(flows, 'written').mockImplementation(() => undefined);
    await stage.put('b.jpg');
    written.mockRestore();
    await quiet();
    expect(names()).toEqual(['a.jpg']);
    flows.uncertain();
    await settled('a.jpg', 'b.jpg');
  });
});

describe('a flow', () => {
  test('that has ended fires nothing, also after a restart; begun again, it takes what came meanwhile', async () => {
    await start();
    await stage.put('a.jpg');
    await settled('a.jpg');
    expect(await stage.flows.stop(TRIGGER)).toBe(true);
    expect(await stage.flows.stop(TRIGGER)).toBe(false);
    await stage.put('b.jpg');
    await stage.restart();
    await quiet();
    expect(names()).toEqual(['a.jpg']);
    await start();
    await settled('a.jpg', 'b.jpg');
  });

  test('moves to another bucket when it is started anew with that', async () => {
    await start();
    await stage.flows.start(TRIGGER, 'out-bucket');
    await stage.put('a.jpg');
    await stage.client.bucket('out-bucket').file('b.jpg').save('x', { resumable: false });
    await settled('b.jpg');
    expect(stage.flows.get(TRIGGER)).toMatchObject({ source: 'out-bucket', fired: 1 });
  });

  test('outlives its bucket', async () => {
    await stage.flows.start(TRIGGER, 'later-bucket');
    await quiet();
    await stage.client.createBucket('later-bucket');
    await stage.client.bucket('later-bucket').file('a.jpg').save('x', { resumable: false });
    await settled('a.jpg');
    expect(stage.log).toEqual([]);
  });

  test('is only for triggers of this namespace', async () => {
    await expect(stage.flows.start({ namespace: 'other', name: 'new-file' }, 'in-bucket')).rejects.toThrow(/guest/);
    await stage.flows.start({ namespace: '_', name: 'new-file' }, 'in-bucket');
    expect(stage.flows.get(TRIGGER)).toBeDefined();
  });
});

describe('the dead letters', () => {
  test('have what the trigger refuses for good, with the reason, until there is a new generation', async () => {
    stage.openwhisk.answer = ({ name, size }) => (name === 'bad.jpg' && size === 1 ? 413 : 202);
    await start();
    await stage.put('bad.jpg');
    await stage.put('good.jpg');
    await settled('good.jpg');
    await vi.waitFor(() => expect(stage.flows.listDeadLetters()).toHaveLength(1), PATIENCE);
    const [letter] = stage.flows.listDeadLetters();
    expect(letter).toMatchObject({ bucket: 'in-bucket', name: 'bad.jpg', attempts: 5 });
    expect(letter?.reason).toMatch(/OpenWhisk answered 413: played/);
    const attempts = () => stage.openwhisk.fired.filter(({ name }) => name === 'bad.jpg').length;
    expect(attempts()).toBe(5);
    await stage.restart();
    await quiet();
    expect(attempts()).toBe(5);
    expect(stage.flows.listDeadLetters()).toEqual([letter]);
    await stage.put('bad.jpg', 'longer');
    await settled('bad.jpg', 'good.jpg');
    await vi.waitFor(() => expect(stage.flows.listDeadLetters()).toEqual([]), PATIENCE);
  });

  test('forget an object that is deleted, at the next look', async () => {
    stage.openwhisk.answer = () => 400;
    await start();
    await stage.put('bad.jpg');
    await vi.waitFor(() => expect(stage.flows.listDeadLetters()).toHaveLength(1), PATIENCE);
    await stage.in.file('bad.jpg').delete();
    await stage.restart();
    await vi.waitFor(() => expect(stage.flows.listDeadLetters()).toEqual([]), PATIENCE);
  });
});

describe('the outcome', () => {
  test('of a firing whose action died is no end: it is fired again, until it is done', async () => {
    stage.openwhisk.end = ({ name }, attempt) => (name === 'dies.jpg' && attempt < 3 ? KILLED : SUCCESS);
    await start();
    await stage.put('dies.jpg');
    await stage.put('lives.jpg');
    await settled('dies.jpg', 'dies.jpg', 'dies.jpg', 'lives.jpg');
    await quiet();
    expect(names()).toHaveLength(4);
    expect(new Set(stage.openwhisk.taken.map(({ generation }) => generation)).size).toBe(2);
    expect(stage.flows.listDeadLetters()).toEqual([]);
  });

  test('of one that dies each time is a dead letter that says so, and outlives a restart', async () => {
    stage.openwhisk.end = () => KILLED;
    await start();
    await stage.put('dies.jpg');
    await vi.waitFor(() => expect(stage.flows.listDeadLetters()).toHaveLength(1), PATIENCE);
    const letters = stage.flows.listDeadLetters();
    expect(letters).toMatchObject([
      {
        name: 'dies.jpg',
        attempts: 5,
        reason: expect.stringMatching(/pdfmagic\/v2, activation .*exited unexpectedly/),
      },
    ]);
    expect(names()).toHaveLength(5);
    await stage.restart();
    await quiet();
    expect(names()).toHaveLength(5);
    expect(stage.flows.listDeadLetters()).toEqual(letters);
  });

  test('of a firing that is to be repeated does not wait for a clock that is set back', async () => {
    stage.openwhisk.end = (_, attempt) => (attempt < 3 ? KILLED : SUCCESS);
    let now = Date.now();
    // An hour each time that somebody looks.
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => (now -= 3_600_000));
    try {
      await start();
      await stage.put('a.jpg');
      await settled('a.jpg', 'a.jpg', 'a.jpg');
    } finally {
      clock.mockRestore();
    }
  });

  test('that is not known when the platform ends is found out by the next one', async () => {
    stage.openwhisk.end = () => undefined;
    await start();
    await stage.put('a.jpg');
    await settled('a.jpg');
    expect(stage.ledger.get('guest/new-file', 'in-bucket', 'a.jpg')).toBeUndefined();
    stage.openwhisk.end = (_, attempt) => (attempt === 1 ? undefined : SUCCESS);
    await stage.restart();
    await settled('a.jpg', 'a.jpg');
    await vi.waitFor(() => expect(stage.ledger.get('guest/new-file', 'in-bucket', 'a.jpg')).toBeDefined(), PATIENCE);
  });
});

describe('a bucket that is not there for the moment', () => {
  test('is looked at again, and nothing of it is forgotten', async () => {
    stage.openwhisk.answer = ({ name }) => (name === 'dead.jpg' ? 400 : 202);
    await start();
    await stage.put('known.jpg');
    await stage.put('dead.jpg');
    await settled('known.jpg');
    await vi.waitFor(() => expect(stage.flows.listDeadLetters()).toHaveLength(1), PATIENCE);
    const list = vi.spyOn(WatchedBucket.prototype, 'list').mockResolvedValue(undefined);
    await stage.restart(async () => void (await stage.put('unseen.jpg')));
    await vi.waitFor(() => expect(list.mock.calls.length).toBeGreaterThan(1), PATIENCE);
    expect(stage.ledger.get('guest/new-file', 'in-bucket', 'known.jpg')).toBeDefined();
    expect(stage.flows.listDeadLetters()).toHaveLength(1);
    expect(names()).toEqual(['known.jpg']);
    list.mockRestore();
    await settled('known.jpg', 'unseen.jpg');
  });

  test.each([404, 503])('by the answer %i of the storage, so that what came meanwhile is found', async (status) => {
    let away = false;
    const door = createServer((request, response) => {
      if (away) return void response.writeHead(status).end('{"error":{"message":"Not Found"}}');
      request.pipe(
        forward(`${stage.storage.endpoint}${request.url}`, { method: request.method ?? 'GET' }, (answer) => {
          response.writeHead(answer.statusCode ?? 500, { 'content-type': 'application/json' });
          answer.pipe(response);
        }),
      );
    }).listen(0, '127.0.0.1');
    await once(door, 'listening');
    const { port } = door.address() as AddressInfo;
    const delivered: string[] = [];
    const source = new StorageSource({
      ...{ flow: 'guest/new-file', bucket: 'in-bucket', endpoint: `http://127.0.0.1:${port}`, ledger: stage.ledger },
      ...{ maxAttempts: 5, retry: { first: 20, longest: 100 }, log: () => undefined },
    });
    try {
      await stage.put('known.jpg');
      source.start((delivery) => void delivery.ack().then(() => delivered.push(delivery.event.name)), 16);
      await vi.waitFor(() => expect(delivered).toEqual(['known.jpg']), PATIENCE);
      away = true;
      source.uncertain();
      await stage.put('unseen.jpg');
      await new Promise((resolve) => setTimeout(resolve, 1500));
      expect(stage.ledger.get('guest/new-file', 'in-bucket', 'known.jpg')).toBeDefined();
      away = false;
      await vi.waitFor(() => expect(delivered).toEqual(['known.jpg', 'unseen.jpg']), PATIENCE);
    } finally {
      await source.pause();
      door.closeAllConnections();
      door.close();
    }
  });
});
