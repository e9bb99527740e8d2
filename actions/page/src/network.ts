/** Whether the service can be reached again: the browser says so, or the service answers. */
import { NoAnswer, reach } from './request';
import { serviceUrl } from './service';

/** Milliseconds between two looks: at first, and at most. */
const PAUSE = { first: 10_000, most: 60_000 };

/** Looks for the network while somebody waits for it. */
export class Network {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private pause = PAUSE.first;

  /** @param back called when the network is back */
  constructor(private readonly back: () => void) {
    addEventListener('online', () => this.tell());
  }

  /** Looks from now on: a browser that is connected to something that leads nowhere does not say when that ends. */
  watch(): void {
    if (this.timer !== undefined) return;
    this.timer = setTimeout(() => void this.look(), this.pause);
  }

  /** Nobody waits any more. */
  rest(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.pause = PAUSE.first;
  }

  private async look(): Promise<void> {
    this.timer = undefined;
    this.pause = Math.min(this.pause * 1.5, PAUSE.most);
    try {
      await reach(serviceUrl(''));
      this.tell();
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      this.watch();
    }
  }

  private tell(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.back();
  }
}
