/** The flows of the platform on this machine: which triggers the new files of which buckets fire. */
import pLimit from 'p-limit';
import type { Backoff } from '../../feed/backoff';
import { Feed } from '../../feed/feed';
import { fireTrigger, type OpenWhisk, readActivations, type TriggerName } from '../../feed/openwhisk';
import { followActivations, PATIENCE, type Patience, type ReadActivation } from '../../feed/outcome';
import { type Flow, FlowRefusal, type Flows } from '../../feed/service';
import type { JsonObject } from '../../ground/json';
import type { EventStore } from '../openwhisk/store/events';
import type { WriteListener } from '../storage/start-storage';
import { StorageSource } from './source';

export interface LocalFlowsOptions {
  readonly ledger: EventStore;
  /** URL of the storage emulator. */
  readonly endpoint: string;
  readonly openwhisk: OpenWhisk & { readonly namespace: string };
  /** Reads activations; over HTTP unless there is a shorter way. */
  readonly readActivation?: ReadActivation;
  readonly log: (line: string) => void;
  /** See `DEFAULT_LIMITS`. */
  readonly limits?: Partial<Limits>;
}

export interface Limits {
  /** Events under way at a time, of one flow: fired, and not come out. */
  readonly maxInFlight: number;
  /** Failed attempts until an event is a dead letter. */
  readonly maxAttempts: number;
  /** Between failed attempts. */
  readonly retry: Backoff;
  /** While OpenWhisk cannot take one. */
  readonly backoff: Backoff;
  /** With the records of what was fired. */
  readonly patience: Patience;
}

/** Nobody shares this OpenWhisk, so nothing is gained by waiting long. */
export const DEFAULT_LIMITS: Limits = {
  maxInFlight: 16,
  // As often as on Google Cloud, within a minute and a half: whoever waits here wants to know.
  maxAttempts: 10,
  retry: { first: 500, longest: 15_000 },
  backoff: { first: 100, longest: 5000 },
  patience: { ...PATIENCE, firstPause: 20, longestPause: 200 },
};

/** An event that was given up. */
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
  private readonly inTurn = pLimit(1);

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
      if (this.ended) throw new FlowRefusal('the local platform is stopping');
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

  explainNotReady(): string | undefined {
    return this.ended ? 'the local platform is stopping' : undefined;
  }

  /** The dead letters of all flows. */
  listDeadLetters(): DeadLetter[] {
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

  private run(id: string, trigger: TriggerName, bucket: string): void {
    const { ledger, endpoint, openwhisk, log } = this.options;
    const limits = { ...DEFAULT_LIMITS, ...this.options.limits };
    const source = new StorageSource({ flow: id, bucket, endpoint, ledger, log, ...limits });
    const { readActivation: read = readActivations(openwhisk, trigger.namespace) } = this.options;
    const follow = followActivations({ read, patience: limits.patience, log });
    const feed = new Feed({ source, fire: fireTrigger(openwhisk, trigger), follow, log, ...limits });
    this.running.set(id, { bucket, source, feed });
    feed.start();
  }
}
