/** Records of activations by the thousand, written by the platform's own store: what a long life leaves, in seconds. */
import { randomUUID } from 'node:crypto';
import { Store } from '../../platform/openwhisk/store/store';

/** Records written together. */
const BATCH = 1000;

/**
 * Copies a record of a platform that does not run until there are `count`. They are of the last minute, so the platform keeps them
 * all, whatever their number.
 * @param data its data folder; @param like an activation that it has
 */
export async function seedActivations(data: string, like: string, count: number): Promise<void> {
  const store = Store.open({ dataDir: data });
  try {
    const { activations } = store;
    const record = activations.get(like);
    if (record === undefined) throw new Error(`there is no record of activation ${like}`);
    const now = Date.now();
    while (activations.size < count) {
      const length = Math.min(BATCH, count - activations.size);
      const prepared = Array.from({ length }, (_, index) => {
        const start = now - 60_000 + Math.floor(((activations.size + index) / count) * 60_000);
        return activations.prepare({
          ...record,
          activationId: randomUUID().replaceAll('-', ''),
          start,
          end: start + 1,
        });
      });
      await store.commit(() => activations.put(prepared));
      activations.settle(prepared);
    }
    await store.flush();
  } finally {
    await store.close();
  }
}
