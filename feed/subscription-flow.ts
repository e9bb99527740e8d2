/** The one flow of the service on a cluster: from its subscription to its trigger. */
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../ground/errors';
import { BACKOFF, computePause } from './backoff';
import { Feed } from './feed';
import { fireTrigger, hasFeed, type OpenWhisk, readActivations, type TriggerName } from './openwhisk';
import { followActivations, PATIENCE, type Patience } from './outcome';
import { type Flow, FlowRefusal, type Flows } from './service';
import type { EventSource } from './source';

export interface SubscriptionFlowOptions {
  readonly openwhisk: OpenWhisk;
  readonly trigger: TriggerName;
  /** For people. */
  readonly subscription: string;
  readonly open: () => EventSource;
  readonly maxInFlight: number;
  /** With the records of what was fired. */
  readonly patience?: Patience;
  readonly log: (line: string) => void;
}

/** On while OpenWhisk has the trigger with a feed: that is where it is kept, so a new pod knows as well. */
export class SubscriptionFlow implements Flows {
  private feed: Feed | undefined;
  private known = false;
  private readonly ending = new AbortController();
  /** Starts and stops one after the other. */
  private turn: Promise<void> = Promise.resolve();

  constructor(private readonly options: SubscriptionFlowOptions) {}

  /** Finds out whether the flow is on. Resolves when that is known, or the service ends. */
  async restore(): Promise<void> {
    const { openwhisk, trigger, log } = this.options;
    for (let attempt = 1; !this.known && !this.ending.signal.aborted; attempt += 1) {
      try {
        const on = await hasFeed(openwhisk, trigger, this.ending.signal);
        // The feed action may have said so meanwhile.
        if (this.known) return;
        this.known = true;
        log(`feed: the trigger ${trigger.name} ${on ? 'is connected, so events flow' : 'is not connected yet'}.`);
        if (on) this.run();
      } catch (error) {
        if (this.ending.signal.aborted) return;
        log(`feed: ${messageOf(error)}`);
        await sleep(computePause(attempt, BACKOFF), undefined, { signal: this.ending.signal }).catch(() => undefined);
      }
    }
  }

  async start(trigger: TriggerName): Promise<void> {
    if (!this.isOurs(trigger)) {
      const { namespace, name } = this.options.trigger;
      throw new FlowRefusal(`this service fires ${namespace}/${name}, not ${trigger.namespace}/${trigger.name}`);
    }
    await this.inTurn(async () => {
      if (this.ending.signal.aborted) throw new FlowRefusal('the service is stopping');
      this.known = true;
      if (this.feed === undefined) this.run();
    });
  }

  async stop(trigger: TriggerName): Promise<boolean> {
    if (!this.isOurs(trigger)) return false;
    let was = false;
    await this.inTurn(async () => {
      this.known = true;
      was = this.feed !== undefined;
      await this.feed?.stop();
      this.feed = undefined;
    });
    return was;
  }

  get(trigger: TriggerName): Flow | undefined {
    if (this.feed === undefined || !this.isOurs(trigger)) return undefined;
    return { source: this.options.subscription, ...this.feed.state };
  }

  /**
   * That OpenWhisk cannot be reached later on does not make it unready: the feed action must be able to end the flow even so.
   */
  explainNotReady(): string | undefined {
    if (this.ending.signal.aborted) return 'the service is stopping';
    return this.known ? undefined : 'OpenWhisk has not said yet whether the trigger has a feed';
  }

  /** Ends the service's part; the flow stays on for the next pod. */
  async close(): Promise<void> {
    this.ending.abort();
    await this.inTurn(async () => this.feed?.stop());
  }

  private run(): void {
    const { openwhisk, trigger, open, maxInFlight, log, patience = PATIENCE } = this.options;
    const fire = fireTrigger(openwhisk, trigger);
    const follow = followActivations({ read: readActivations(openwhisk, trigger.namespace), patience, log });
    this.feed = new Feed({ source: open(), fire, follow, maxInFlight, log });
    this.feed.start();
  }

  /** By its key OpenWhisk knows the namespace; the feed action is told its real name. */
  private isOurs({ namespace, name }: TriggerName): boolean {
    const { trigger } = this.options;
    return name === trigger.name && (trigger.namespace === '_' || namespace === '_' || namespace === trigger.namespace);
  }

  private inTurn(step: () => Promise<void>): Promise<void> {
    const done = this.turn.then(step);
    this.turn = done.catch(() => undefined);
    return done;
  }
}
