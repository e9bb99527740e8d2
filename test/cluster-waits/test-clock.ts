import { setImmediate } from 'node:timers/promises';
import { type Clock, MINUTE } from '../../infra/cluster-waits/src/cluster/clock';

/** Time that passes only while somebody sleeps; things can be made to happen at an hour. */
export class TestClock implements Clock {
  readonly reports: string[] = [];
  private readonly began = Date.UTC(2026, 10, 23);
  private time = this.began;
  private plans: { readonly at: number; readonly act: () => void }[] = [];

  now(): number {
    return this.time;
  }

  async sleep(ms: number): Promise<void> {
    this.time += ms;
    const due = this.plans.filter(({ at }) => at <= this.time);
    this.plans = this.plans.filter(({ at }) => at > this.time);
    for (const { act } of due) act();
    await setImmediate();
  }

  report(line: string): void {
    this.reports.push(line);
  }

  /** Does something when so many minutes have passed. */
  after(minutes: number, act: () => void): this {
    this.plans.push({ at: this.began + minutes * MINUTE, act });
    return this;
  }

  /** Minutes since the beginning. */
  get minutes(): number {
    return (this.time - this.began) / MINUTE;
  }
}
