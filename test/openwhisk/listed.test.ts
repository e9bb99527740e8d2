/** Lists of activations right after an answer: whoever has the id of a record finds it in them too. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { JsonObject } from '../../ground/json';
import { Store } from '../../platform/openwhisk/store/store';
import { Client, Laboratory, newDataDir } from './laboratory';

let store: Store;
let laboratory: Laboratory;
beforeAll(async () => {
  const dataDir = newDataDir();
  store = Store.open({ dataDir });
  laboratory = await Laboratory.open({ dataDir, store, log: () => undefined });
  await laboratory.action('echo', 'echo');
});
afterAll(() => laboratory.close());
afterEach(() => vi.restoreAllMocks());

const invoke = async () => Client.id(await laboratory.send('POST', 'actions/echo?blocking=true', {}));
const list = async (query: string) => (await laboratory.send('GET', `activations?${query}`)).json as JsonObject[];
const idsIn = (records: readonly JsonObject[]) => records.map(({ activationId }) => activationId);

it.each(['limit=1', 'limit=1&name=echo', 'limit=1&docs=true'])(
  '%s shows it, however slow the disk is',
  async (query) => {
    const commit = store.commit.bind(store);
    vi.spyOn(store, 'commit').mockImplementation(async (...change) => {
      await sleep(100);
      return commit(...change);
    });
    for (let n = 0; n < 3; n += 1) {
      const id = await invoke();
      expect(idsIn(await list(query))).toEqual([id]);
    }
  },
);

it('are counted', async () => {
  const count = async () => (await laboratory.send('GET', 'activations?count=true')).json as { activations: number };
  const { activations } = await count();
  await Promise.all(Array.from({ length: 40 }, invoke));
  expect(await count()).toEqual({ activations: activations + 40 });
});

it('pages of what ran at once hold each once', async () => {
  const ids = await Promise.all(Array.from({ length: 40 }, invoke));
  const pages: JsonObject[] = [];
  for (let skip = 0; skip < ids.length; skip += 10) pages.push(...(await list(`limit=10&skip=${skip}`)));
  expect(idsIn(pages).sort()).toEqual(ids.sort());
});

it('lists answer without it where nothing can be written, and with it once that works', async () => {
  vi.spyOn(store, 'commit').mockRejectedValue(new Error('no room'));
  const id = await invoke();
  expect((await laboratory.send('GET', `activations/${id}`)).status).toBe(200);
  expect(idsIn(await list('limit=1'))).not.toContain(id);
  vi.restoreAllMocks();
  await vi.waitFor(async () => expect(idsIn(await list('limit=1'))).toEqual([id]), { timeout: 30_000, interval: 100 });
});
