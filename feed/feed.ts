/** The feed: each event of a source fires the trigger, and is acknowledged only when that has come out. */
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { BACKOFF, type Backoff, computePause } from './backoff';
import type { NewFileEvent } from './event';
import type { Follow, Outcome } from './outcome';
import type { Delivery, EventSource } from './source';

/** What came of one attempt to fire. */
export type Fired =
  /** By the activation id it can be followed; without one, nothing more is to come of it. */
  | { readonly outcome: 'accepted'; readonly activationId?: string }
  /** The event itself is at fault. */
  | { readonly outcome: 'refused'; readonly reason: string }
  /** Not now: too busy, down, or not set up as it should be. */
  | { readonly outcome: 'unavailable'; readonly reason: string; readonly retryAfter?: number };

/** Fires the trigger once. Must not throw; an aborted one is `unavailable`. */
export type Fire = (event: NewFileEvent, signal: AbortSignal) => Promise<Fired>;

export interface FeedOptions {
  readonly source: EventSource;
  readonly fire: Fire;
  /** Waits for what comes of a firing; left out, acceptance is the end of it. */
  readonly follow?: Follow;
  /** Events that are fired, followed, or wait to be fired again, at a time. */
  readonly maxInFlight: number;
  readonly backoff?: Backoff;
  /** Waits; rejects when aborted. A clock for tests. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Takes lines for people. */
  readonly log: (line: string) => void;
}

/** Of a feed that runs. */
export interface FeedState {
  readonly inFlight: number;
  readonly fired: number;
  /** Why the trigger cannot be fired now; undefined when it can. */
  readonly trouble: string | undefined;
}

/** Milliseconds that attempts under way get when a feed stops. */
const GRACE_MS = 5000;

/** From a source to a trigger, until it is stopped. */
export class Feed {
  private readonly limit;
  private readonly stopping = new AbortController();
  private readonly cut = new AbortController();
  private readonly open = new Set<Promise<void>>();
  private fired = 0;
  private trouble: string | undefined;
  private stopped: Promise<void> | undefined;

  constructor(private readonly options: FeedOptions) {
    // The source is asked to keep to it; this is what makes sure.
    this.limit = pLimit(options.maxInFlight);
    // One listener for each event in flight is no leak.
    setMaxListeners(0, this.stopping.signal, this.cut.signal);
  }

  get state(): FeedState {
    return { inFlight: this.open.size, fired: this.fired, trouble: this.trouble };
  }

  start(): void {
    this.options.source.start((delivery) => {
      const handled = this.limit(() => this.handle(delivery)).finally(() => this.open.delete(handled));
      this.open.add(handled);
    }, this.options.maxInFlight);
  }

  /** Takes nothing more, lets attempts under way end, gives the rest back to the source, closes it. */
  stop(graceMs: number = GRACE_MS): Promise<void> {
    this.stopped ??= this.end(graceMs);
    return this.stopped;
  }

  private async end(graceMs: number): Promise<void> {
    const { source } = this.options;
    this.stopping.abort();
    const timer = setTimeout(() => this.cut.abort(), graceMs);
    try {
      await source.pause();
      while (this.open.size > 0) await Promise.all(this.open);
    } finally {
      clearTimeout(timer);
    }
    await source.close();
  }

  private async handle(delivery: Delivery): Promise<void> {
    const { fire, log, backoff = BACKOFF, wait = pause } = this.options;
    const { bucket, name, generation } = delivery.event;
    const what = `${bucket}/${name} (generation ${generation})`;
    for (let attempt = 1; ; attempt += 1) {
      if (this.stopping.signal.aborted) return delivery.release();
      const fired = await fire(delivery.event, this.cut.signal);
      if (fired.outcome === 'refused') {
        log(`feed: ${what} is refused: ${fired.reason}`);
        return delivery.refuse(fired.reason);
      }
      if (fired.outcome === 'accepted') {
        this.recovered();
        this.fired += 1;
        return this.conclude(delivery, what, await this.outcomeOf(fired.activationId));
      }
      this.failed(fired.reason);
      await wait(computePause(attempt, backoff, fired.retryAfter), this.stopping.signal).catch(() => undefined);
    }
  }

  private async outcomeOf(activationId: string | undefined): Promise<Outcome> {
    const { follow } = this.options;
    if (follow === undefined || activationId === undefined) return { outcome: 'done' };
    return follow(activationId, this.cut.signal);
  }

  private async conclude(delivery: Delivery, what: string, outcome: Outcome): Promise<void> {
    const { log } = this.options;
    if (outcome.outcome === 'unknown') return delivery.release();
    if (outcome.outcome === 'failed') {
      log(`feed: ${what} has failed: ${outcome.reason}`);
      return delivery.refuse(outcome.reason);
    }
    // Not kept as done: it comes again, which is harmless.
    return delivery.ack().catch((error: Error) => log(`feed: ${what} cannot be acknowledged: ${error.message}`));
  }

  /** One line for each new kind of trouble, not for each attempt. */
  private failed(reason: string): void {
    if (this.trouble !== reason) this.options.log(`feed: the trigger cannot be fired: ${reason}. Trying again.`);
    this.trouble = reason;
  }

  private recovered(): void {
    if (this.trouble !== undefined) this.options.log('feed: the trigger can be fired again.');
    this.trouble = undefined;
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal });
}
