/** The store: order within a millisecond, bounds of age and number, one owner at a time. */
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ActivationRecord } from '../../platform/openwhisk/activation/record';
import type { ActionDocument } from '../../platform/openwhisk/entity/documents';
import type { Retention } from '../../platform/openwhisk/store/activations';
import { Store } from '../../platform/openwhisk/store/store';
import { Laboratory, newDataDir } from './laboratory';

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
  const revision = store.entities.makeRevision();
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

async function keep(...records: ActivationRecord[]): Promise<void> {
  const prepared = records.map((one) => store.activations.prepare(one));
  await store.commit(() => store.activations.put(prepared));
  store.activations.settle(prepared);
}

/** Removes what is beyond the bounds, in steps of `most`; returns how many steps it took. */
async function prune(most = 256): Promise<number> {
  for (let steps = 0; ; steps += 1) {
    const remove = store.activations.takeSurplus(Date.now(), most);
    if (!remove) return steps;
    await store.commit(remove);
  }
}

const ids = (query: { name?: string; since?: number; upto?: number } = {}, limit = 200, skip = 0) =>
  store.activations.list({ ...query, limit, skip }).map(({ activationId }) => activationId);

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

  test('also for activations of one millisecond, with bounds of time inclusive', async () => {
    reopen();
    const now = Date.now();
    await keep(record('five', now, 'b'));
    await keep(record('one', now - 2), record('two', now - 1), record('three', now - 1));
    await keep(record('four', now - 1));
    for (const when of ['at once', 'after a restart']) {
      expect(ids(), when).toEqual(['five', 'four', 'three', 'two', 'one']);
      expect(ids({ name: 'a' }, 2, 1)).toEqual(['three', 'two']);
      expect(ids({ since: now - 1, upto: now - 1 })).toEqual(['four', 'three', 'two']);
      expect(store.activations.count({ name: 'a' })).toBe(4);
      await store.close();
      reopen();
    }
  });
});

describe('an activation record', () => {
  test('takes no more memory than what lists choose by, whatever is said about it', async () => {
    reopen();
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const annotations = [
      { key: 'path', value: 'guest/pdfmagic/v1' },
      ...Array.from({ length: 8 }, (_, n) => ({ key: `k${n}`, value: n })),
    ];
    const keepMany = async (from: number, count: number): Promise<number> => {
      for (let at = from; at < from + count; at += 100) {
        const records = Array.from({ length: 100 }, (_, n) => record(`${at + n}`.padStart(32, '0'), at + n, 'v1'));
        await keep(...records.map((one) => ({ ...one, annotations })));
      }
      collect();
      return process.memoryUsage().heapUsed;
    };
    const before = await keepMany(0, 500);
    const after = await keepMany(500, 4000);
    expect((after - before) / 4000).toBeLessThan(300);
    expect(store.activations.list({ limit: 1, skip: 0 })[0]).toMatchObject({ activationId: '4499'.padStart(32, '0') });
  });

  test('is read for a list only if the list shows it', async () => {
    reopen();
    const now = Date.now();
    await keep(...Array.from({ length: 40 }, (_, n) => record(`id${n}`, now + n)));
    const table = (store.activations as unknown as { summaries: { get(key: number): string } }).summaries;
    const read = vi.spyOn(table, 'get');
    expect(ids({}, 3, 2)).toEqual(['id37', 'id36', 'id35']);
    expect(read).toHaveBeenCalledTimes(3);
    expect(store.activations.count({ since: now + 30 })).toBe(10);
    expect(read).toHaveBeenCalledTimes(3);
  });
});

describe('activation records are kept within bounds', () => {
  test('of number: the oldest go, and nothing of them is left', async () => {
    reopen({ maxCount: 5, minAgeMs: 0 });
    const now = Date.now();
    await keep(...Array.from({ length: 40 }, (_, n) => record(`id${n}`, now - 100 + n)));
    expect(await prune(10), 'a few at a time').toBe(4);
    const left = ['id39', 'id38', 'id37', 'id36', 'id35'];
    expect(ids()).toEqual(left);
    expect(store.activations.get('id0')).toBeUndefined();
    await store.close();
    reopen();
    expect(ids()).toEqual(left);
  });

  test('of age', async () => {
    reopen({ maxAgeMs: 1000 });
    const now = Date.now();
    await keep(record('old', now - 5000), record('new', now + 60_000));
    await prune();
    expect(ids()).toEqual(['new']);
    expect(store.activations.get('old')).toBeUndefined();
  });

  test('of size, also of what an earlier start has kept', async () => {
    reopen();
    const now = Date.now();
    const size = JSON.stringify(record('id0', now)).length;
    await keep(...Array.from({ length: 9 }, (_, n) => record(`id${n}`, now - 10 + n)));
    await store.close();
    reopen({ maxSize: 4 * size, minAgeMs: 0 });
    await prune();
    expect(ids()).toEqual(['id8', 'id7', 'id6', 'id5']);
  });

  test('but for those of the last minutes, however many there are', async () => {
    reopen({ maxCount: 1, maxSize: 1, minAgeMs: 60_000 });
    const now = Date.now();
    await keep(
      record('older', now - 61_000),
      ...Array.from({ length: 9 }, (_, n) => record(`id${n}`, now - 50_000 + n)),
    );
    await prune();
    expect(ids()).toHaveLength(9);
    expect(store.activations.get('older')).toBeUndefined();
    expect(store.activations.get('id0')).toBeDefined();
  });

  test('a smaller bound at the next start holds too', async () => {
    reopen();
    const now = Date.now();
    await keep(...Array.from({ length: 30 }, (_, n) => record(`id${n}`, now - 100 + n)));
    await store.close();
    reopen({ maxCount: 3, minAgeMs: 0 });
    await prune();
    expect(ids()).toEqual(['id29', 'id28', 'id27']);
  });

  test('by a server while it runs', async () => {
    const laboratory = await Laboratory.open({ retention: { maxCount: 4, minAgeMs: 0 } });
    try {
      await laboratory.action('e', 'echo');
      for (let n = 0; n < 10; n += 1) await laboratory.send('POST', 'actions/e?blocking=true', { n });
      const count = async () => (await laboratory.send('GET', 'activations?count=true')).json;
      await expect.poll(count).toEqual({ activations: 4 });
    } finally {
      await laboratory.close();
    }
  });
});

describe('code', () => {
  test('goes with its action, but not while an invocation holds it', async () => {
    reopen();
    store.entities.change({ put: [action('a', 'c1')], code: new Map([['c1', 'first']]) });
    store.code.hold('c1');
    store.entities.change({ put: [action('a', 'c2')], code: new Map([['c2', 'second']]) });
    expect(store.code.read('c1')).toBe('first');
    store.code.release('c1');
    await expect.poll(() => store.code.read('c1')).toBe('');
    expect(store.code.read('c2')).toBe('second');
    store.entities.change({ remove: ['guest/a'] });
    expect(store.code.read('c2')).toBe('');
  });
});

describe('one platform to a data directory', () => {
  test('a second one is told who has it and what to do', async () => {
    reopen();
    expect(() => Store.open({ dataDir })).toThrow(
      new RegExp(`${dataDir} is in use by another local platform \\(process ${process.pid}\\)`),
    );
    await store.close();
    reopen();
  });

  test('a directory that cannot be used says why', () => {
    const file = path.join(dataDir, 'file');
    writeFileSync(file, '');
    expect(() => Store.open({ dataDir: file })).toThrow(
      /Cannot open the store in .*file.*not a folder.*another data folder/s,
    );
  });

  test('changes to entities and commits of activations go together, in any order', async () => {
    reopen();
    const now = Date.now();
    const commits: Promise<void>[] = [];
    for (let n = 0; n < 200; n += 1) {
      commits.push(keep(record(`id${n}`, now - 100 + n)));
      store.entities.change({ put: [action(`a${n}`, `c${n}`)], code: new Map([[`c${n}`, `code ${n}`]]) });
      if (n % 7 === 0) await commits.at(-1);
      const refused = action(`refused${n}`, `c${n}`);
      expect(() => store.entities.change({ put: [{ ...refused, name: 'x'.repeat(5000) }] })).toThrow();
    }
    await Promise.all(commits);
    await store.close();
    reopen();
    expect(store.activations.size).toBe(200);
    expect(store.entities.list('action', 'guest')).toHaveLength(200);
    expect(store.code.read('c199')).toBe('code 199');
  });
});
