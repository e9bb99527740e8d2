/** Writes activation records behind the answers: all that ended in one turn of the event loop in one transaction. */
import type { Store } from '../store/store';
import type { ActivationRecord } from './record';

/** Milliseconds until a failed write is tried again. */
const RETRY_MS = 1000;

export class ActivationWriter {
  private readonly pending = new Map<string, ActivationRecord>();
  private scheduled = false;
  private failing = false;
  private retry: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: Store,
    private readonly log: (line: string) => void,
  ) {}

  /** Keeps a record soon, and takes its invocation out of the queue in the same transaction. */
  add(record: ActivationRecord): void {
    this.pending.set(record.activationId, record);
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.flush();
    });
  }

  /** A record that is not written yet. */
  get(activationId: string): ActivationRecord | undefined {
    return this.pending.get(activationId);
  }

  /** Writes what is pending. When that fails it stays pending, its invocations stay in the queue, and it is tried again. */
  flush(): boolean {
    const records = [...this.pending.values()];
    if (records.length === 0) return true;
    try {
      let count = 0;
      this.store.write(() => {
        count = this.store.activations.put(records, Date.now());
        for (const { activationId } of records) this.store.queue.remove(activationId);
      });
      this.store.activations.written(count);
    } catch (error) {
      if (!this.failing) this.log(`Activation records wait to be written: ${String(error)}`);
      this.failing = true;
      this.retry ??= setTimeout(() => {
        this.retry = undefined;
        this.flush();
      }, RETRY_MS).unref();
      return false;
    }
    this.failing = false;
    for (const { activationId } of records) {
      this.pending.delete(activationId);
      this.store.queue.settled(activationId);
    }
    return true;
  }

  /** Removes records beyond their age or number, a few at a time, when no new ones push them out. */
  prune(): void {
    if (!this.store.activations.isOverdue) return;
    try {
      let count = 0;
      this.store.write(() => {
        count = this.store.activations.put([], Date.now());
      });
      this.store.activations.written(count);
    } catch (error) {
      this.log(`Old activation records could not be removed: ${String(error)}`);
    }
  }

  /** Writes what is pending for the last time. */
  stop(): void {
    this.flush();
    clearTimeout(this.retry);
  }
}
