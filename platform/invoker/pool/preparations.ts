/**
 * What is done ahead of the first run of an action: in the background, one at a time, and only once nothing was asked of the pool for a
 * while. So it slows down neither a deployment nor what runs, and a platform that ends after a deployment has done nothing in vain.
 */

/** Milliseconds. */
const QUIET = 1000;

/** One preparation; what it rejects with is said by the run that needs it. */
export type Preparation = () => Promise<void>;

/** Those that are still to be made. */
export class Preparations {
  private readonly waiting: Preparation[] = [];
  private timer: NodeJS.Timeout | undefined;
  private underWay: Promise<void> | undefined;

  /** Adds one. */
  add(preparation: Preparation): void {
    this.waiting.push(preparation);
    this.putOff();
  }

  /** Something else is to be done first. */
  putOff(): void {
    this.schedule(QUIET);
  }

  /** Gives up those that have not begun; resolves when none is under way. */
  async stop(): Promise<void> {
    this.waiting.length = 0;
    clearTimeout(this.timer);
    await this.underWay;
  }

  private schedule(delay: number): void {
    clearTimeout(this.timer);
    if (this.waiting.length > 0) this.timer = setTimeout(() => this.goOn(), delay).unref();
  }

  private goOn(): void {
    // Whoever is under way calls again when it has ended.
    if (this.underWay !== undefined) return;
    const ended = () => {
      this.underWay = undefined;
      this.schedule(0);
    };
    this.underWay = this.waiting.shift()?.().then(ended, ended);
  }
}
