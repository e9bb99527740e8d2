/** A source of events that the test plays, and a trigger that answers what it is told. */

import type { NewFileEvent } from '../../feed/event';
import { Feed, type FeedOptions, type Fired } from '../../feed/feed';
import type { Delivery, EventSource } from '../../feed/source';

export function eventOf(name: string): NewFileEvent {
  return { bucket: 'in', name, generation: '1700000000000001', contentType: 'image/jpeg', size: 3 };
}

/** What became of a delivery. */
export type End = 'ack' | 'refuse' | 'release';

/** Delivers what the test says, and notes in which order what happened. */
export class PlayedSource implements EventSource {
  readonly history: string[] = [];
  readonly ends = new Map<string, End>();
  maxInFlight = 0;
  private deliver: ((delivery: Delivery) => void) | undefined;

  start(deliver: (delivery: Delivery) => void, maxInFlight: number): void {
    this.deliver = deliver;
    this.maxInFlight = maxInFlight;
  }

  async pause(): Promise<void> {
    this.history.push('pause');
  }

  async close(): Promise<void> {
    this.history.push('close');
  }

  send(name: string): void {
    const end = (how: End): void => {
      if (this.ends.has(name)) throw new Error(`${name} ended twice`);
      this.ends.set(name, how);
      this.history.push(`${how} ${name}`);
    };
    this.deliver?.({
      event: eventOf(name),
      ack: async () => end('ack'),
      refuse: () => end('refuse'),
      release: () => end('release'),
    });
  }
}

/** A trigger that answers by a script; what it is not told to answer stays open until the test answers. */
export class PlayedTrigger {
  readonly fired: string[] = [];
  open = 0;
  most = 0;
  /** What comes of the nth firing of an event, n from 1; undefined for one that the test answers by `answer`. */
  script: (name: string, attempt: number) => Fired | undefined = () => ({ outcome: 'accepted' });
  private readonly waiting = new Map<string, (fired: Fired) => void>();

  readonly fire: FeedOptions['fire'] = async ({ name }, signal) => {
    this.fired.push(name);
    this.open += 1;
    this.most = Math.max(this.most, this.open);
    const scripted = this.script(name, this.fired.filter((one) => one === name).length);
    const fired =
      scripted ??
      (await new Promise<Fired>((resolve) => {
        this.waiting.set(name, resolve);
        signal.addEventListener('abort', () => resolve({ outcome: 'unavailable', reason: 'aborted' }));
      }));
    this.open -= 1;
    return fired;
  };

  answer(name: string, fired: Fired = { outcome: 'accepted' }): void {
    this.waiting.get(name)?.(fired);
    this.waiting.delete(name);
  }
}

/** A feed whose waits are over at once, or last until the feed stops, unless real ones are asked for; it notes how long they should be. */
export function playedFeed(
  options: Partial<FeedOptions> & { readonly endless?: boolean; readonly real?: boolean } = {},
) {
  const source = new PlayedSource();
  const trigger = new PlayedTrigger();
  const pauses: number[] = [];
  const log: string[] = [];
  const wait: FeedOptions['wait'] = async (ms, signal) => {
    pauses.push(ms);
    if (!options.endless) return;
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
  };
  const feed = new Feed({
    source,
    fire: trigger.fire,
    maxInFlight: 4,
    ...(options.real ? {} : { wait }),
    log: (line) => log.push(line),
    ...options,
  });
  feed.start();
  return { feed, source, trigger, pauses, log };
}
