/** The store: order within a millisecond, bounds of age and number, one owner at a time. */
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ActivationRecord } from '../../local/openwhisk/activation/record';
import type { ActionDocument } from '../../local/openwhisk/entity/documents';
import type { Retention } from '../../local/openwhisk/store/activations';
import { Store } from '../../local/openwhisk/store/store';
import { newDataDir } from './laboratory';

let dataDir: string;
let store: Store;

function reopen(retention: Partial<Retention> = {}): void {
  store = Store.open({ dataDir, retention });
}

beforeEach(() => {
  dataDir = newDataDir();
});
afterEach(async () => {
  vi.useRealTimers();
  await store?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const limits = { timeout: 1000, memory: 128, logs: 1, concurrency: 1 };

function action(name: string, codeId: string): ActionDocument {
  const common = { version: '0.0.1', publish: false, annotations: [], parameters: [], limits };
  const exec = { kind: 'nodejs:20', binary: false, codeId };
  const revision = store.entities.newRevision();
  return { entityType: 'action', namespace: 'guest', name, exec, revision, ...common, ...store.entities.stamp() };
}

function record(activationId: string, start: number, name = 'a'): ActivationRecord {
  const common = { namespace: 'guest', subject: 'guest', version: '0.0.1', annotations: [], logs: [] };
  return {
    ...common,
    activationId,
    name,
    start,
    end: start + 1,
    response: { statusCode: 0, result: { activationId } },
  };
}

function keep(...records: ActivationRecord[]): void {
  let count = 0;
  store.write(() => {
    count = store.activations.put(records, Date.now());
  });
  store.activations.written(count);
}

const ids = (query: { name?: string; since?: number; upto?: number } = {}, limit = 200, skip = 0) =>
  store.activations.summaries({ ...query, limit, skip }).map(({ activationId }) => activationId);

describe('lists are newest first', () => {
  test('also for entities of one millisecond, before and after a restart', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    reopen();
    const names = Array.from({ length: 12 }, (_, n) => `a${n}`);
    for (const name of names) store.entities.change({ put: [action(name, name)] });
    store.entities.change({ put: [action('a3', 'a3')] });
    const order = ['a3', ...names.filter((name) => name !== 'a3').reverse()];
    expect(store.entities.list('action', 'guest').map(({ name }) => name)).toEqual(order);
    await store.close();
    reopen();
    expect(store.entities.list('action', 'guest').map(({ name }) => name)).toEqual(order);
  });

  test('also for activations of one millisecond, with bounds of time inclusive', () => {
    reopen();
    const now = Date.now();
    keep(record('one', now - 2), record('two', now - 1), record('three', now - 1));
    keep(record('four', now - 1), record('five', now, 'b'));
    expect(ids()).toEqual(['five', 'four', 'three', 'two', 'one']);
    expect(ids({ name: 'a' }, 2, 1)).toEqual(['three', 'two']);
    expect(ids({ since: now - 1, upto: now - 1 })).toEqual(['four', 'three', 'two']);
    expect(store.activations.countOf({ name: 'a', skip: 1 })).toBe(3);
  });
});

describe('activation records are kept within bounds', () => {
  test('of number: the oldest go, and nothing of them is left', () => {
    reopen({ maxCount: 5 });
    const now = Date.now();
    for (let n = 0; n < 40; n += 1) keep(record(`id${n}`, now + n));
    expect(ids()).toEqual(['id39', 'id38', 'id37', 'id36', 'id35']);
    expect(ids({ name: 'a' })).toHaveLength(5);
    expect(store.activations.get('id0')).toBeUndefined();
    expect(store.activations.size).toBe(5);
  });

  test('of age, a few with each write', () => {
    reopen({ maxAgeMs: 1000 });
    const now = Date.now();
    reopenWith(now - 5000);
    keep(record('new', now));
    expect(ids().length).toBeLessThan(200);
    while (store.activations.isOverdue) keep();
    expect(ids()).toEqual(['new']);

    function reopenWith(start: number): void {
      vi.useFakeTimers({ toFake: ['Date'], now: start });
      keep(...Array.from({ length: 200 }, (_, n) => record(`old${n}`, start)));
      vi.useRealTimers();
    }
  });

  test('a smaller bound at the next start holds too', async () => {
    reopen();
    const now = Date.now();
    keep(...Array.from({ length: 30 }, (_, n) => record(`id${n}`, now + n)));
    await store.close();
    reopen({ maxCount: 3 });
    expect(store.activations.isOverdue).toBe(true);
    keep();
    expect(ids()).toEqual(['id29', 'id28', 'id27']);
  });
});

describe('code', () => {
  test('goes with its action, but not while an invocation holds it', () => {
    reopen();
    store.entities.change({ put: [action('a', 'c1')], code: new Map([['c1', 'first']]) });
    store.code.hold('c1');
    store.entities.change({ put: [action('a', 'c2')], code: new Map([['c2', 'second']]) });
    expect(store.code.read('c1')).toBe('first');
    store.code.release('c1');
    expect([store.code.read('c1'), store.code.read('c2')]).toEqual(['', 'second']);
    store.entities.change({ remove: ['guest/a'] });
    expect(store.code.read('c2')).toBe('');
  });
});

describe('one platform to a data directory', () => {
  test('a second one is told who has it and what to do', async () => {
    reopen();
    expect(() => Store.open({ dataDir })).toThrow(
      new RegExp(`${dataDir} is in use by another platform \\(process ${process.pid}\\)`),
    );
    await store.close();
    reopen();
  });

  test('a directory that cannot be used says why', () => {
    const file = path.join(dataDir, 'file');
    writeFileSync(file, '');
    expect(() => Store.open({ dataDir: file })).toThrow(/Cannot open the store in .*file.*Check that/s);
  });

  test('a failed write changes nothing', () => {
    reopen();
    expect(() =>
      store.write(() => {
        store.queue.put({ activationId: 'x' } as Parameters<typeof store.queue.put>[0]);
        throw new Error('on the way');
      }),
    ).toThrow('on the way');
    expect(store.queue.get('x')).toBeUndefined();
  });
});
