/** Hands invocations to the invoker in the order they came, a bounded number at a time. */
import type { Invocation, Invoker, Outcome } from '../../invoker/contract';

/** The platform stops: what has not ended is left to the next start. */
export class StoppedError extends Error {
  constructor() {
    super('The local platform is stopping.');
    this.name = 'StoppedError';
  }
}

interface Waiting {
  readonly load: () => Invocation;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (reason: unknown) => void;
}

/** The way to the invoker: first come, first served; the invoker is given at most twice its capacity. */
export class Dispatcher {
  private readonly waiting: Waiting[] = [];
  private running = 0;
  private stopped = false;

  constructor(private readonly invoker: Invoker) {}

  // Twice what it runs: so that the invoker always has the next one at hand, and payloads beyond stay in the store.
  private get room(): number {
    return this.invoker.capacity * 2 - this.running;
  }

  /**
   * Runs an invocation when its turn comes; `load` gives it then, so that a long queue is not held in memory.
   * @returns what became of it; rejects with StoppedError when the platform stops first
   */
  run(load: () => Invocation): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      if (this.stopped) {
        reject(new StoppedError());
        return;
      }
      this.waiting.push({ load, resolve, reject });
      this.next();
    });
  }

  private next(): void {
    while (!this.stopped && this.room > 0) {
      const turn = this.waiting.shift();
      if (!turn) return;
      this.running += 1;
      void this.start(turn);
    }
  }

  private async start({ load, resolve, reject }: Waiting): Promise<void> {
    try {
      const outcome = await this.invoker.run(load());
      if (this.stopped) reject(new StoppedError());
      else resolve(outcome);
    } catch (error) {
      reject(this.stopped ? new StoppedError() : error);
    } finally {
      this.running -= 1;
      this.next();
    }
  }

  /** Starts nothing more; whatever has not ended is rejected with StoppedError. */
  stop(): void {
    this.stopped = true;
    for (const { reject } of this.waiting.splice(0)) reject(new StoppedError());
  }
}
