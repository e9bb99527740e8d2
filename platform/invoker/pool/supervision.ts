/** Looks after containers while time passes: memory of those that run, and of those idle; age of those idle. */
import type { WarmContainer, WarmContainers } from './warm';

/** How often a running container's tree is measured, in milliseconds. */
const PERIOD = 100;
/** Idle ones are looked at in every so many periods. */
const IDLE_PERIODS = 20;

export class Supervision {
  private readonly running = new Set<WarmContainer>();
  private readonly timer: NodeJS.Timeout;
  private periods = 0;

  constructor(private readonly warm: WarmContainers) {
    this.timer = setInterval(() => this.look(), PERIOD);
    this.timer.unref();
  }

  watch(entry: WarmContainer): void {
    this.running.add(entry);
  }

  unwatch(entry: WarmContainer): void {
    this.running.delete(entry);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    for (const { container, memory } of this.running) container.measure(memory);
    this.periods = (this.periods + 1) % IDLE_PERIODS;
    if (this.periods !== 0) return;
    for (const { container, memory } of this.warm.entries()) container.measure(memory);
    this.warm.evict(performance.now());
  }
}
