/**
 * A revision of a service, scaled as Cloud Run does: no instance at rest; a request goes to an instance that has room, else
 * it waits, and one more is started up to the bound; an instance without requests ends after a while.
 */
import type { Instance } from './instance';

export interface RevisionOptions {
  /** Starts an instance; rejects when it does not get ready. */
  readonly launch: () => Promise<Instance>;
  /** Requests that one instance takes at a time. */
  readonly concurrency: number;
  readonly maxInstances: number;
  /** Milliseconds without a request until an instance ends. */
  readonly idleMs: number;
  /** Milliseconds that a request waits for an instance with room. */
  readonly patienceMs: number;
}

/** There was no instance with room in time. */
export class NoInstance extends Error {}

interface Running {
  readonly instance: Instance;
  inFlight: number;
  idle?: NodeJS.Timeout;
}

/** An instance lent to one request; `release` gives it back. */
export interface Lease {
  readonly url: string;
  release(): void;
}

interface Waiting {
  take(lease: Lease): void;
  fail(error: Error): void;
}

/** Instances of one revision. */
export class Revision {
  private readonly running = new Set<Running>();
  private readonly waiting: Waiting[] = [];
  private readonly starting = new Set<Promise<void>>();
  private retired = false;

  constructor(private readonly options: RevisionOptions) {}

  /** Instances that are ready. */
  get instances(): readonly Instance[] {
    return [...this.running].map(({ instance }) => instance);
  }

  /** An instance for one request. @throws NoInstance; Error with the reason when none can be started */
  acquire(): Promise<Lease> {
    const found = this.findRoom();
    if (found !== undefined) return Promise.resolve(this.lend(found));
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        this.waiting.splice(this.waiting.indexOf(waiting), 1);
        reject(new NoInstance('no instance of the service has room'));
      }, this.options.patienceMs);
      const waiting: Waiting = {
        take: (lease) => {
          clearTimeout(late);
          resolve(lease);
        },
        fail: (error) => {
          clearTimeout(late);
          reject(error);
        },
      };
      this.waiting.push(waiting);
      this.scale();
    });
  }

  /** Takes no more requests, lets those under way end, and ends the instances. */
  async retire(): Promise<void> {
    this.retired = true;
    for (const { fail } of this.waiting.splice(0)) fail(new NoInstance('the service is being removed'));
    await Promise.all(this.starting);
    await Promise.all([...this.running].map((running) => this.end(running)));
  }

  /** The busiest that has room, so that the others can come to rest. */
  private findRoom(): Running | undefined {
    const free = [...this.running].filter(({ inFlight }) => inFlight < this.options.concurrency);
    return free.sort((a, b) => b.inFlight - a.inFlight)[0];
  }

  private scale(): void {
    const { concurrency, maxInstances } = this.options;
    const coming = this.starting.size * concurrency;
    if (this.waiting.length <= coming || this.running.size + this.starting.size >= maxInstances) return;
    const started = this.start().finally(() => this.starting.delete(started));
    this.starting.add(started);
  }

  private async start(): Promise<void> {
    let instance: Instance;
    try {
      instance = await this.options.launch();
    } catch (error) {
      const why = error instanceof Error ? error : new Error(String(error));
      // Those who would have got it; others may still have a chance with another instance.
      if (this.running.size === 0) for (const { fail } of this.waiting.splice(0)) fail(why);
      return;
    }
    const running: Running = { instance, inFlight: 0 };
    this.running.add(running);
    void instance.ended.then(() => {
      clearTimeout(running.idle);
      this.running.delete(running);
      if (!this.retired) this.scale();
    });
    this.serve();
    this.rest(running);
  }

  private lend(running: Running): Lease {
    running.inFlight += 1;
    clearTimeout(running.idle);
    return {
      url: running.instance.url,
      release: () => {
        running.inFlight -= 1;
        this.serve();
        this.rest(running);
      },
    };
  }

  /** Gives room to those who wait. */
  private serve(): void {
    for (let found = this.findRoom(); found !== undefined && this.waiting.length > 0; found = this.findRoom()) {
      this.waiting.shift()?.take(this.lend(found));
    }
    if (this.waiting.length > 0) this.scale();
  }

  private rest(running: Running): void {
    if (running.inFlight > 0 || this.retired) return;
    running.idle = setTimeout(() => void this.end(running), this.options.idleMs);
    running.idle.unref();
  }

  private async end(running: Running): Promise<void> {
    clearTimeout(running.idle);
    this.running.delete(running);
    // The service itself lets requests under way end.
    await running.instance.stop();
  }
}
