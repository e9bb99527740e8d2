/** Writes activation records behind the answers: all that ended meanwhile in one transaction, one after the other. */
import { setTimeout as sleep } from 'node:timers/promises';
import { bytesOf } from '../store/environment';
import type { Store } from '../store/store';
import { type ActivationRecord, packRecord, unpackRecord } from './record';

/** Milliseconds until a failed write is tried again. */
const RETRY_MS = 1000;

/** Records written in one transaction: each may be a megabyte. */
const WRITE_STEP = 16;

/** Old records removed in one transaction. */
const PRUNE_STEP = 64;

/** Records on their way to the store; one that cannot be written is tried again until the platform stops. */
export class ActivationWriter {
  private readonly pending = new Map<string, ActivationRecord>();
  private writing: Promise<void> | undefined;
  private failing = false;
  private stopped = false;
  /** To be called when records have been written, or could not be. */
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly store: Store,
    private readonly log: (line: string) => void,
  ) {}

  /** Keeps a record soon, and takes its invocation out of the queue in the same transaction. */
  add(record: ActivationRecord): void {
    this.pending.set(record.activationId, packRecord(record));
    this.start();
  }

  /** A record that is not written yet. */
  get(activationId: string): ActivationRecord | undefined {
    const record = this.pending.get(activationId);
    return record && unpackRecord(record);
  }

  /** Resolves when all that was added until now is in the lists of the store, or cannot be written for now. */
  async catchUp(): Promise<void> {
    // Records are written in the order in which they were added.
    const last = [...this.pending.keys()].at(-1);
    while (last !== undefined && this.pending.has(last) && !this.failing) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  /** Removes records beyond their age or number that no new ones pushed out. */
  prune(): void {
    this.start();
  }

  private start(): void {
    this.writing ??= this.writeAll().finally(() => {
      this.writing = undefined;
      if (this.pending.size > 0 && !this.stopped) this.start();
    });
  }

  private async writeAll(): Promise<void> {
    // After the answer: whoever waited for the record is served first.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.pending.size > 0) {
      if (await this.writeSome()) continue;
      if (this.stopped) return;
      await sleep(RETRY_MS, undefined, { ref: false });
    }
    await this.removeSurplus();
  }

  /** Writes some of what is pending: on a full disk, those that it has room for. @returns whether there were any */
  private async writeSome(): Promise<boolean> {
    const records = [...this.pending.values()];
    if (await this.write(records.slice(0, WRITE_STEP))) return true;
    let some = false;
    for (const record of records) if (await this.write([record])) some = true;
    return some;
  }

  private async write(records: readonly ActivationRecord[]): Promise<boolean> {
    try {
      return await this.tryToWrite(records);
    } finally {
      for (const resolve of this.waiting.splice(0)) resolve();
    }
  }

  /** Writes records. When that fails they stay pending, and their invocations in the queue. */
  private async tryToWrite(records: readonly ActivationRecord[]): Promise<boolean> {
    const { activations, queue } = this.store;
    const prepared = records.map((record) => activations.prepare(record));
    try {
      await this.store.commit(
        () => {
          activations.put(prepared);
          for (const { activationId } of records) queue.remove(activationId);
        },
        bytesOf(prepared.flatMap(({ record, summary }) => [record, summary])),
      );
    } catch (error) {
      if (!this.failing) this.log(`Activation records cannot be written yet: ${String(error)}`);
      this.failing = true;
      return false;
    }
    this.failing = false;
    activations.settle(prepared);
    for (const { activationId } of records) {
      this.pending.delete(activationId);
      queue.settle(activationId);
    }
    return true;
  }

  private async removeSurplus(): Promise<void> {
    for (;;) {
      const remove = this.store.activations.takeSurplus(Date.now(), PRUNE_STEP);
      if (!remove) return;
      try {
        await this.store.commit(remove, 'nothing');
      } catch (error) {
        // They are out of the lists already; the next start takes them up again.
        this.log(`Old activation records could not be removed: ${String(error)}`);
        return;
      }
    }
  }

  /** Writes what is pending for the last time. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.writing;
    while (this.pending.size > 0 && (await this.writeSome()));
  }
}
