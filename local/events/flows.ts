/** The flows of the platform on this machine: which triggers the new files of which buckets fire. */
import { Feed, type FeedOptions } from '../../feed/feed';
import { fireTrigger, type OpenWhisk, type TriggerName } from '../../feed/openwhisk';
import { type Flow, FlowRefusal, type Flows } from '../../feed/service';
import type { JsonObject } from '../json';
import type { EventStore } from '../openwhisk/store/events';
import type { WriteListener } from '../storage';
import { StorageSource } from './source';

export interface LocalFlowsOptions {
  readonly ledger: EventStore;
  /** URL of the storage emulator. */
  readonly endpoint: string;
  readonly openwhisk: OpenWhisk & { readonly namespace: string };
  readonly log: (line: string) => void;
  /** See `DEFAULTS`. */
  readonly limits?: Partial<Limits>;
}

export interface Limits {
  /** Events being fired at a time, of one flow. */
  readonly maxInFlight: number;
  /** Refusals until an event is a dead letter. */
  readonly maxAttempts: number;
  /** Milliseconds between refusals, times their number. */
  readonly retryPause: number;
  readonly backoff: NonNullable<FeedOptions['backoff']>;
}

/** Nobody shares this OpenWhisk, so nothing is gained by waiting long. */
const DEFAULTS: Limits = {
  maxInFlight: 16,
  maxAttempts: 5,
  retryPause: 1000,
  backoff: { first: 100, longest: 5000 },
};

/** An event that the trigger would not take. */
export interface DeadLetter {
  readonly bucket: string;
  readonly name: string;
  readonly generation: string;
  readonly reason: string;
  readonly attempts: number;
}

interface Running {
  readonly bucket: string;
  readonly source: StorageSource;
  readonly feed: Feed;
}

/** All flows; hears of writes as the storage's listener. */
export class LocalFlows implements Flows, WriteListener {
  private readonly running = new Map<string, Running>();
  private ended = false;
  /** Starts and stops one after the other. */
  private turn: Promise<void> = Promise.resolve();

  constructor(private readonly options: LocalFlowsOptions) {}

  /** Goes on with the flows of an earlier run. To be called when OpenWhisk answers. */
  restore(): void {
    for (const [id, bucket] of this.options.ledger.listFlows()) {
      const [namespace = '', name = ''] = id.split('/');
      if (!this.running.has(id)) this.run(id, { namespace, name }, bucket);
    }
  }

  async start(trigger: TriggerName, bucket: string): Promise<void> {
    const id = this.idOf(trigger);
    await this.inTurn(async () => {
      const before = this.running.get(id);
      if (before?.bucket === bucket) return;
      await before?.feed.stop();
      if (this.ended) throw new FlowRefusal('the platform is stopping');
      this.options.ledger.putFlow(id, bucket);
      this.run(id, trigger, bucket);
    });
  }

  async stop(trigger: TriggerName): Promise<boolean> {
    const id = this.idOf(trigger);
    let was = false;
    await this.inTurn(async () => {
      const flow = this.running.get(id);
      if (flow === undefined) return;
      was = true;
      this.running.delete(id);
      this.options.ledger.removeFlow(id);
      await flow.feed.stop();
    });
    return was;
  }

  get(trigger: TriggerName): Flow | undefined {
    const flow = this.running.get(this.idOf(trigger));
    return flow && { source: flow.bucket, ...flow.feed.state };
  }

  notReady(): string | undefined {
    return this.ended ? 'the platform is stopping' : undefined;
  }

  /** The dead letters of all flows. */
  deadLetters(): DeadLetter[] {
    const { ledger } = this.options;
    return [...ledger.listFlows()].flatMap(([flow, bucket]) =>
      [...ledger.list(flow, bucket)].flatMap(([name, { generation, dead }]) =>
        dead === undefined ? [] : [{ bucket, name, generation, ...dead }],
      ),
    );
  }

  written(bucket: string, name: string, metadata?: JsonObject): void {
    for (const flow of this.running.values()) if (flow.bucket === bucket) flow.source.written(name, metadata);
  }

  uncertain(): void {
    for (const { source } of this.running.values()) source.uncertain();
  }

  /** Ends all of them for this run; the next one goes on. */
  async close(): Promise<void> {
    this.ended = true;
    await Promise.all([...this.running.values()].map(({ feed }) => feed.stop()));
  }

  private idOf({ namespace, name }: TriggerName): string {
    const own = this.options.openwhisk.namespace;
    if (namespace !== '_' && namespace !== own)
      throw new FlowRefusal(`the triggers here are those of namespace ${own}, not of ${namespace}`);
    return `${own}/${name}`;
  }

  private inTurn(step: () => Promise<void>): Promise<void> {
    const done = this.turn.then(step);
    this.turn = done.catch(() => undefined);
    return done;
  }

  private run(id: string, trigger: TriggerName, bucket: string): void {
    const { ledger, endpoint, openwhisk, log } = this.options;
    const limits = { ...DEFAULTS, ...this.options.limits };
    const source = new StorageSource({ flow: id, bucket, endpoint, ledger, log, ...limits });
    const feed = new Feed({ source, fire: fireTrigger(openwhisk, trigger), log, ...limits });
    this.running.set(id, { bucket, source, feed });
    feed.start();
  }
}
