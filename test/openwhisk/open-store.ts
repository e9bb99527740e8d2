/** Opens the store in DATA_DIR once for each of the PAGES of the sound file ORIGINAL, that page overwritten; tells how it went. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { StoreError } from '../../platform/openwhisk/store/errors';
import { Store } from '../../platform/openwhisk/store/store';

const PAGE = 4096;
const { DATA_DIR: dataDir = '', ORIGINAL: original = '', PAGES: pages = '' } = process.env;

/** Reads all there is, so that a damage which opening does not see is met. */
async function tryOpening(): Promise<boolean> {
  try {
    const store = Store.open({ dataDir });
    for (const id of store.entities.codeIds()) store.code.read(id);
    await store.close();
    return true;
  } catch (error) {
    if (error instanceof StoreError) return false;
    throw error;
  }
}

async function main(): Promise<void> {
  const sound = readFileSync(original);
  const counts = { refused: 0, opened: 0 };
  for (let page = 0; page < Number(pages); page += 1) {
    const damaged = Buffer.from(sound);
    for (let at = page * PAGE; at < (page + 1) * PAGE; at += 1)
      damaged[at] = (Math.imul(at, 2_654_435_761) >>> 24) & 0xff;
    rmSync(path.join(dataDir, 'store', 'lock.mdb'), { force: true });
    rmSync(path.join(dataDir, 'store', 'data.mdb'), { force: true });
    writeFileSync(path.join(dataDir, 'store', 'data.mdb'), damaged);
    counts[(await tryOpening()) ? 'opened' : 'refused'] += 1;
  }
  console.log(JSON.stringify(counts));
}

void main();
