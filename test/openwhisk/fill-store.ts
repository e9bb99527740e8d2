/** Writes large records into the store in DATA_DIR until its disk is full, then frees FILLER and writes on; tells how it went. */
import { rmSync } from 'node:fs';
import { StoreError } from '../../platform/openwhisk/store/errors';
import { Store } from '../../platform/openwhisk/store/store';

const { DATA_DIR: dataDir = '', FILLER: filler = '' } = process.env;
/** Bytes of a record, and how many come at the same time: on the disk of the test a damaged heap was sure with these. */
const SIZE = 1_000_000;
const AT_ONCE = 60;

let next = 0;
const kept: string[] = [];
const counts = { refused: 0, otherwise: 0 };

/** Some at a time, as activations end; and something by hand between them. */
async function writeRound(store: Store): Promise<void> {
  const round = Array.from({ length: AT_ONCE }, async () => {
    const id = `id${next++}`;
    const entry = { activationId: id, text: JSON.stringify({ activationId: id, text: 'x'.repeat(SIZE) }) };
    try {
      await store.commit(() => store.queue.put(entry), entry.text.length);
      kept.push(id);
    } catch (error) {
      count(error);
    }
  });
  try {
    store.events.putFlow(`flow${next}`, 'bucket');
  } catch (error) {
    count(error);
  }
  await Promise.all(round);
}

function count(error: unknown): void {
  if (error instanceof StoreError && error.code === 'STORE_FULL') counts.refused += 1;
  else counts.otherwise += 1;
}

async function main(): Promise<void> {
  const store = Store.open({ dataDir });
  for (let round = 0; round < 4; round += 1) await writeRound(store);
  const full = { ...counts, kept: kept.length };
  rmSync(filler, { force: true });
  await writeRound(store);
  const freed = { refused: counts.refused - full.refused, kept: kept.length - full.kept };
  await store.close();
  const again = Store.open({ dataDir });
  const lost = kept.filter((id) => again.queue.get(id) === undefined).length;
  await again.close();
  console.log(JSON.stringify({ full, freed, lost }));
}

void main();
