/** A damaged store, or a directory that cannot be one: an error with a way out, never a crash. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { open } from 'lmdb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ActionDocument } from '../../platform/openwhisk/entity/documents';
import { StoreError } from '../../platform/openwhisk/store/errors';
import { Store } from '../../platform/openwhisk/store/store';
import { REGISTER } from '../compiled';
import { newDataDir } from './laboratory';

const PAGE = 4096;
const OPENER = path.join(__dirname, 'open-store.ts');

let original: string;
let dataDir: string;
let file: string;

function action(store: Store, name: string): ActionDocument {
  const limits = { timeout: 1000, memory: 128, logs: 1, concurrency: 1 };
  const common = { version: '0.0.1', publish: false, annotations: [], parameters: [], limits };
  const exec = { kind: 'nodejs:20', binary: false, codeId: name };
  const revision = store.entities.makeRevision();
  return { entityType: 'action', namespace: 'guest', name, exec, revision, ...common, ...store.entities.stamp() };
}

/** A store with so many actions, the code of each longer than that of the one before. */
async function fill(actions: number, step: number): Promise<string> {
  const filled = newDataDir();
  const store = Store.open({ dataDir: filled });
  for (let n = 0; n < actions; n += 1) {
    const name = `action${n}`;
    store.entities.change({ put: [action(store, name)], code: new Map([[name, 'code '.repeat(n * step)]]) });
  }
  await store.close();
  return filled;
}

/** Without the room behind them, which nothing refers to. */
async function countPages(filled: string): Promise<number> {
  const database = open({ path: path.join(filled, 'store'), readOnly: true });
  const { lastPageNumber } = database.getStats() as { lastPageNumber: number };
  await database.close();
  return lastPageNumber + 1;
}

beforeAll(async () => {
  original = await fill(150, 20);
});
afterAll(() => rmSync(original, { recursive: true, force: true }));

beforeEach(() => {
  dataDir = newDataDir();
  file = path.join(dataDir, 'store', 'data.mdb');
  mkdirSync(path.dirname(file));
  copyFileSync(path.join(original, 'store', 'data.mdb'), file);
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

function refusal(): StoreError {
  try {
    void Store.open({ dataDir }).close();
  } catch (error) {
    if (error instanceof StoreError) return error;
    throw error;
  }
  throw new Error('the store was opened');
}

function overwrite(position: number, bytes: Buffer): void {
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, bytes, 0, bytes.length, position);
  closeSync(descriptor);
}

/** Bytes that look random, and are the same every time. */
function noise(length: number, seed: number): Buffer {
  let state = seed * 2_654_435_761 + 12_345;
  return Buffer.from(
    Array.from({ length }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state >>> 24;
    }),
  );
}

describe('a damaged store is refused, with its file and the way out', () => {
  const WAY_OUT = /data\.mdb is damaged: .*Restore it from a backup, or delete the folder .*npm start/;

  test.each([[1], [100], [PAGE], [2 * PAGE], [20_000]])('cut off at %i bytes', (size) => {
    truncateSync(file, size);
    const { code, message } = refusal();
    expect(code).toBe('STORE_DAMAGED');
    expect(message).toMatch(WAY_OUT);
    expect(statSync(file).size, 'it is left as it is').toBe(size);
  });

  test('random bytes from end to end, or another file altogether', () => {
    overwrite(0, noise(statSync(file).size, 1));
    expect(refusal().message).toMatch(WAY_OUT);
    writeFileSync(file, 'not a database\n'.repeat(2000));
    expect(refusal().message).toMatch(/it is not an LMDB database/);
  });

  test('another version of the format', () => {
    overwrite(24 + 4, Buffer.from([1, 0, 0, 0]));
    expect(refusal().message).toMatch(/it is not an LMDB database of this version/);
  });

  test('all pages but the first two overwritten', () => {
    overwrite(2 * PAGE, noise(statSync(file).size - 2 * PAGE, 2));
    expect(refusal().message).toMatch(WAY_OUT);
  });

  test('any one page overwritten: it is refused, or read well, but nothing crashes', async () => {
    const small = await fill(24, 100);
    const pages = await countPages(small);
    expect(pages).toBeGreaterThan(40);
    const said = spawnSync(process.execPath, ['--require', REGISTER, OPENER], {
      encoding: 'utf8',
      env: {
        ...process.env,
        DATA_DIR: dataDir,
        ORIGINAL: path.join(small, 'store', 'data.mdb'),
        PAGES: String(pages),
      },
    });
    expect(said.signal).toBeNull();
    const { refused, opened } = JSON.parse(said.stdout) as { refused: number; opened: number };
    expect(refused + opened).toBe(pages);
    expect(refused).toBeGreaterThan(0);
    rmSync(small, { recursive: true, force: true });
  });
});

test.each(['missing', 'empty'])('a file that is %s is refused where there was a store', async (how) => {
  await Store.open({ dataDir }).close();
  rmSync(file);
  if (how === 'empty') writeFileSync(file, '');
  const { code, message } = refusal();
  expect(code).toBe('STORE_DAMAGED');
  expect(message).toContain(`it is ${how}`);
});

test('a missing file is a new store where there was none', async () => {
  rmSync(file);
  const store = Store.open({ dataDir });
  expect(store.entities.list('action', 'guest')).toEqual([]);
  await store.close();
});

test('an empty file is refused, also where nothing else tells of an earlier store', () => {
  truncateSync(file, 0);
  expect(refusal()).toMatchObject({ code: 'STORE_DAMAGED', message: expect.stringContaining('it is empty') });
  expect(statSync(file).size, 'it is left as it is').toBe(0);
});

test('a sound store opens, and its files are for its owner only', async () => {
  chmodSync(file, 0o644);
  const store = Store.open({ dataDir });
  expect(store.entities.list('action', 'guest')).toHaveLength(150);
  const folder = path.dirname(file);
  const modes = readdirSync(folder).map((name) => statSync(path.join(folder, name)).mode & 0o777);
  expect(modes).toEqual([0o600, 0o600, 0o600]);
  await store.close();
  expect(readFileSync(file).length).toBeGreaterThan(0);
});

describe('a data directory that cannot be one', () => {
  test('because it is a file, or there is one in its place', () => {
    rmSync(path.dirname(file), { recursive: true });
    writeFileSync(path.join(dataDir, 'store'), '');
    expect(refusal()).toMatchObject({
      code: 'STORE_UNUSABLE',
      message: expect.stringContaining('a file of that name'),
    });
    writeFileSync(path.join(dataDir, 'plain'), '');
    expect(() => Store.open({ dataDir: path.join(dataDir, 'plain') })).toThrow(/is a file, not a folder/);
  });

  test.skipIf(process.getuid?.() === 0)('because this user may not write there', () => {
    rmSync(path.dirname(file), { recursive: true });
    chmodSync(dataDir, 0o500);
    expect(refusal().message).toMatch(/this user may not write there/);
    chmodSync(dataDir, 0o700);
  });
});
