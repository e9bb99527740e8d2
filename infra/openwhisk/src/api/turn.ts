/** The last change of each base path, by host and base path. All resources of a program share one provider process. */
const turns = new Map<string, Promise<unknown>>();

/**
 * Runs changes of the same API one after the other. `createApi` and `deleteApi` read the whole document of a base path,
 * change it and write it back, so two at a time can lose one another.
 */
export async function takeTurn<T>(key: string, change: () => Promise<T>): Promise<T> {
  const before = turns.get(key) ?? Promise.resolve();
  const mine = before.then(change, change);
  turns.set(key, mine);
  try {
    return await mine;
  } finally {
    if (turns.get(key) === mine) turns.delete(key);
  }
}
