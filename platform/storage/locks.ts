/** Locks by key: what is run under one key runs one after the other, what is run under another does not wait for it. */
import pLimit, { type LimitFunction } from 'p-limit';

export class Locks {
  private readonly limits = new Map<string, LimitFunction>();

  /** Runs a step when all that came before it under this key has ended, however it did. */
  async run<Result>(key: string, step: () => Promise<Result>): Promise<Result> {
    const limit = this.limits.get(key) ?? pLimit(1);
    this.limits.set(key, limit);
    try {
      return await limit(step);
    } finally {
      if (limit.activeCount + limit.pendingCount === 0) this.limits.delete(key);
    }
  }
}
