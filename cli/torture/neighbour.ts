/** Somebody whom the faults are none of: converts photographs all the time, and has to go on as if nothing were. */
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../ground/errors';
import { postJpeg } from '../client/by-request';
import type { Service } from '../client/service';

/** Milliseconds between two conversions, and for one: many, because the machine may be busy with others. */
const PAUSE = 150;
const LIMIT = 240_000;

/** How it went meanwhile. */
export interface Unharmed {
  readonly conversions: number;
  /** Milliseconds of the slowest. */
  readonly slowest: number;
}

/** Converts by v1 on the platform under torture. */
export class Neighbour {
  constructor(
    private readonly service: Service,
    private readonly jpeg: Buffer,
  ) {}

  /**
   * Does `work`, converts meanwhile, and once afterwards.
   * @throws Error of `work`; or with the answer that was no PDF
   */
  async during<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly unharmed: Unharmed }> {
    const times: number[] = [];
    let isOver = false;
    const converting = (async () => {
      for (;;) {
        const isLast = isOver;
        times.push(await this.convert());
        if (isLast) return;
        await sleep(PAUSE);
      }
    })();
    converting.catch(() => undefined);
    try {
      const result = await work();
      isOver = true;
      await converting;
      return { result, unharmed: { conversions: times.length, slowest: Math.round(Math.max(...times)) } };
    } finally {
      isOver = true;
    }
  }

  private async convert(began = performance.now()): Promise<number> {
    if (performance.now() - began > LIMIT) throw new Error(`the healthy neighbour got no PDF within ${LIMIT / 1000} s`);
    const answer = await postJpeg(this.service, this.jpeg, AbortSignal.timeout(LIMIT)).catch((error: unknown) => {
      throw new Error(`the healthy neighbour got no PDF: ${messageOf(error)}`);
    });
    // It took longer than OpenWhisk waits for a result: the machine is busy, or the queue long. The next one will tell.
    if (answer.status === 202) return this.convert(began);
    if (answer.status !== 200 || answer.body.subarray(0, 5).toString() !== '%PDF-')
      throw new Error(`the healthy neighbour got no PDF: ${answer.status} ${answer.body.toString().slice(0, 200)}`);
    return performance.now() - began;
  }
}
