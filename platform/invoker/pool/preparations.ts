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
    clearTimeout(this.timer);
    this.timer = this.waiting.length === 0 ? undefined : setTimeout(() => this.begin(), QUIET).unref();
  }

  /** Gives up those that have not begun; resolves when none is under way. */
  async stop(): Promise<void> {
    this.waiting.length = 0;
    this.putOff();
    await this.underWay;
  }

  private begin(): void {
    this.timer = undefined;
    this.underWay ??= this.makeNext();
  }

  /** Makes one after the other, until there are no more or they are put off. */
  private async makeNext(): Promise<void> {
    while (this.timer === undefined) {
      const next = this.waiting.shift();
      if (next === undefined) break;
      await next().catch(() => undefined);
    }
    this.underWay = undefined;
  }
}
