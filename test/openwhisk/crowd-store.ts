/** Crowds the store in DATA_DIR on a disk without any room: large records beside small ones, then removals; tells how it went. */
import { appendFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { StoreError } from '../../platform/openwhisk/store/errors';
import { Store } from '../../platform/openwhisk/store/store';

const { DATA_DIR: dataDir = '' } = process.env;
const FILLER = path.join(dataDir, 'filler');
/** Old records that are beyond the retention when the disk is full. */
const OLD = 300;
const KEPT = 10;

let next = 0;

/** @returns whether it was written; what is not told with STORE_FULL ends the process */
async function putRecord(store: Store, bytes: number): Promise<boolean> {
  const common = { namespace: 'guest', subject: 'guest', version: '0.0.1', annotations: [], logs: [], name: 'a' };
  const times = { start: next, end: next };
  const response = { statusCode: 0, result: { filling: 'x'.repeat(bytes) } } as const;
  const activationId = `id${next++}`;
  const prepared = [store.activations.prepare({ ...common, ...times, activationId, response })];
  const written = await isWritten(store.commit(() => store.activations.put(prepared), bytes));
  if (written) store.activations.settle(prepared);
  return written;
}

async function isWritten(commit: Promise<void>): Promise<boolean> {
  try {
    await commit;
    return true;
  } catch (error) {
    if (error instanceof StoreError && error.code === 'STORE_FULL') return false;
    throw error;
  }
}

function fillDisk(): void {
  writeFileSync(FILLER, '');
  for (const piece of [1_048_576, 4096]) {
    try {
      for (;;) appendFileSync(FILLER, Buffer.alloc(piece));
    } catch {
      // Full, for pieces of that size.
    }
  }
}

async function main(): Promise<void> {
  const store = Store.open({ dataDir, retention: { maxAgeMs: Number.MAX_SAFE_INTEGER, maxCount: KEPT } });
  for (let n = 0; n < OLD; n += 1) await putRecord(store, 20_000);
  store.events.putFlow('flow', 'bucket');
  fillDisk();
  // The first goes by itself, the others as one group.
  const [first, large, ...others] = await Promise.all([0, 16_000_000, 0, 0].map((bytes) => putRecord(store, bytes)));
  const small = [first, ...others];
  while (await putRecord(store, 0));
  store.events.removeFlow('flow');
  let removed = 0;
  for (let more = true; more; ) {
    const before = store.activations.size;
    const remove = store.activations.takeSurplus(Date.now(), 64);
    more = remove !== undefined && (await isWritten(store.commit(remove, 'nothing')));
    if (more) removed += before - store.activations.size;
  }
  const left = store.activations.size;
  await store.close();
  // The lock file of LMDB wants some room at a start.
  truncateSync(FILLER, 0);
  const again = Store.open({ dataDir });
  const found = again.activations.size;
  const flows = again.events.listFlows().size;
  await again.close();
  console.log(JSON.stringify({ large, small, removed, left, found, flows }));
}

void main();
