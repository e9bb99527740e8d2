/** Locks by key: what is run under one key runs one after the other, what is run under another does not wait for it. */
export class Locks {
  private readonly tails = new Map<string, Promise<void>>();

  /** Runs a step when all that came before it under this key has ended, however it did. */
  async run<Result>(key: string, step: () => Promise<Result>): Promise<Result> {
    const before = this.tails.get(key) ?? Promise.resolve();
    const done = before.then(step);
    const tail = done.then(
      () => undefined,
      () => undefined,
    );
    this.tails.set(key, tail);
    try {
      return await done;
    } finally {
      if (this.tails.get(key) === tail) this.tails.delete(key);
    }
  }
}
