/** A platform that is started again after each kill, also where a deployment has started one of its own meanwhile. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { OwnPlatform } from '../commands/own-platform';

/** Milliseconds: for `up` without a platform starts one, and stops it when it is done. */
const PATIENCE = 300_000;
const PAUSE = 300;

/** As `OwnPlatform`, but its start waits for whoever has its folder. */
export class KeptRunning {
  /** Starts that had to wait. */
  waits = 0;

  constructor(private readonly platform: OwnPlatform) {}

  get pid(): number | undefined {
    return this.platform.pid;
  }

  /** @throws Error of the last attempt when it does not start in time */
  async start(): Promise<void> {
    const deadline = performance.now() + PATIENCE;
    for (;;) {
      try {
        return await this.platform.start();
      } catch (error) {
        if (performance.now() > deadline) throw error;
        this.waits += 1;
        await sleep(PAUSE);
      }
    }
  }

  end(signal: NodeJS.Signals): Promise<void> {
    return this.platform.end(signal);
  }
}
