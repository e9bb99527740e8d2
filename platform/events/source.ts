/**
 * The storage emulator as a source of events.
 *
 * What is not done is nowhere written down: it is what the bucket holds and the ledger does not know. So an event cannot be
 * lost by a kill at any moment, and one that was fired but not yet noted is fired again. The front door tells of each write,
 * which spares looking; a look at the whole bucket comes at the start and after a write with an uncertain end.
 */
import { type Backoff, computePause } from '../../feed/backoff';
import type { NewFileEvent } from '../../feed/event';
import type { Delivery, EventSource } from '../../feed/source';
import { messageOf } from '../../ground/errors';
import type { JsonObject } from '../../ground/json';
import type { EventStore } from '../openwhisk/store/events';
import { eventOf, WatchedBucket } from './bucket';

export interface SourceOptions {
  /** Whose events these are, in the ledger. */
  readonly flow: string;
  readonly bucket: string;
  /** URL of the storage emulator. */
  readonly endpoint: string;
  readonly ledger: EventStore;
  /** Failed attempts until an event goes to the dead letters. */
  readonly maxAttempts: number;
  /** Between them. */
  readonly retry: Backoff;
  readonly log: (line: string) => void;
}

/** An event that waits for its delivery. */
interface Waiting {
  readonly event: NewFileEvent;
  /** Failed ones so far. */
  readonly attempts: number;
  /** Not before this, in milliseconds of a clock that nobody sets back. */
  readonly due: number;
}

/** Until the bucket is looked at: after an uncertain write, and after looks that saw nothing. */
const LOOK_PAUSE: Backoff = { first: 1000, longest: 15_000 };

/** The new files of one bucket. */
export class StorageSource implements EventSource {
  private readonly bucket: WatchedBucket;
  /** By object name, in the order they came. */
  private readonly waiting = new Map<string, Waiting>();
  /** Delivered and not ended: one of an object at a time. */
  private readonly open = new Map<string, Waiting>();
  private readonly kept = new Set<Promise<void>>();
  private deliver: ((delivery: Delivery) => void) | undefined;
  private room = 0;
  private timer: NodeJS.Timeout | undefined;
  private lookTimer: NodeJS.Timeout | undefined;
  /** Looks in a row that saw nothing. */
  private blind = 0;

  constructor(private readonly options: SourceOptions) {
    this.bucket = new WatchedBucket(options.endpoint, options.bucket);
  }

  start(deliver: (delivery: Delivery) => void, maxInFlight: number): void {
    this.deliver = deliver;
    this.room = maxInFlight;
    void this.lookAtAll();
  }

  async pause(): Promise<void> {
    this.deliver = undefined;
    clearTimeout(this.timer);
    clearTimeout(this.lookTimer);
  }

  async close(): Promise<void> {
    await Promise.all(this.kept);
  }

  /** To be called for each write into the bucket. */
  written(name: string, metadata: JsonObject | undefined): void {
    const found = metadata === undefined ? this.bucket.look(name) : Promise.resolve().then(() => eventOf(metadata));
    found.then(
      (event) => this.offer(event),
      // Deleted again, or the server has just died.
      () => this.uncertain(),
    );
  }

  /** To be called when it is not known whether something was written. */
  uncertain(): void {
    this.lookAfter(LOOK_PAUSE.first);
  }

  private lookAfter(pause: number): void {
    clearTimeout(this.lookTimer);
    if (this.deliver !== undefined) this.lookTimer = setTimeout(() => void this.lookAtAll(), pause);
  }

  /** Finds what was missed, and forgets what is gone. */
  private async lookAtAll(): Promise<void> {
    const { ledger, flow, bucket, log } = this.options;
    const known = ledger.list(flow, bucket);
    try {
      const events = await this.bucket.list();
      if (events === undefined) return this.lookOn();
      this.blind = 0;
      for (const event of events) {
        known.delete(event.name);
        this.offer(event);
      }
      await Promise.all([...known].map(([name, { generation }]) => ledger.forget(generation, flow, bucket, name)));
    } catch (error) {
      if (this.deliver === undefined) return;
      log(`events: the bucket ${bucket} cannot be listed: ${messageOf(error)}`);
      this.lookOn();
    }
  }

  /** A bucket that is not there may be so for a moment: nothing of it is forgotten, and what came unseen is still to be found. */
  private lookOn(): void {
    this.blind += 1;
    this.lookAfter(computePause(this.blind, LOOK_PAUSE));
  }

  private offer(event: NewFileEvent): void {
    const { ledger, flow, bucket } = this.options;
    const { name, generation } = event;
    if (ledger.get(flow, bucket, name)?.generation === generation) return;
    if (this.open.get(name)?.event.generation === generation) return;
    const before = this.waiting.get(name)?.event.generation;
    // Of an object that was written over, only the newest is there to be read.
    if (before !== undefined && BigInt(before) >= BigInt(generation)) return;
    this.wait({ event, attempts: 0, due: 0 });
  }

  private wait(waiting: Waiting): void {
    this.waiting.set(waiting.event.name, waiting);
    this.next();
  }

  private next(): void {
    clearTimeout(this.timer);
    const now = performance.now();
    let soonest = Number.POSITIVE_INFINITY;
    for (const [name, waiting] of this.waiting) {
      if (this.deliver === undefined || this.open.size >= this.room) return;
      if (this.open.has(name)) continue;
      soonest = Math.min(soonest, waiting.due);
      if (waiting.due > now) continue;
      this.waiting.delete(name);
      this.open.set(name, waiting);
      this.deliver(this.deliveryOf(waiting));
    }
    if (soonest > now && soonest < Number.POSITIVE_INFINITY) this.timer = setTimeout(() => this.next(), soonest - now);
  }

  private deliveryOf({ event, attempts }: Waiting): Delivery {
    const { maxAttempts, retry, log } = this.options;
    const { name, generation } = event;
    return {
      event,
      ack: () => this.keep(event, this.record(event, { generation })),
      refuse: (reason) => {
        const failed = attempts + 1;
        if (failed < maxAttempts) {
          this.open.delete(name);
          // A newer generation may have come meanwhile; then that is the one to try.
          if (!this.waiting.has(name))
            this.wait({ event, attempts: failed, due: performance.now() + computePause(failed, retry) });
          return this.next();
        }
        log(`events: ${event.bucket}/${name} is a dead letter after ${failed} attempts: ${reason}`);
        const dead = this.record(event, { generation, dead: { reason, attempts: failed } });
        void this.keep(event, dead).catch((error: Error) =>
          log(`events: the dead letter could not be saved: ${error.message}`),
        );
      },
      // It stays unknown to the ledger, so the next start finds it.
      release: () => void this.open.delete(name),
    };
  }

  private record(event: NewFileEvent, record: Parameters<EventStore['put']>[0]): Promise<void> {
    const { ledger, flow, bucket } = this.options;
    return ledger.put(record, flow, bucket, event.name);
  }

  private async keep(event: NewFileEvent, written: Promise<void>): Promise<void> {
    this.kept.add(written);
    try {
      await written;
    } finally {
      this.kept.delete(written);
      this.open.delete(event.name);
      this.next();
    }
  }
}
