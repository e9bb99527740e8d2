/** How long one conversion takes, when all is warm. */
import { makeCalls } from '../calls';
import type { Measurement } from '../measurement';

/** Milliseconds after which a slow conversion is not run again in the same round. */
const ENOUGH = 800;

export const latency: Measurement = {
  name: 'latency',
  what: 'One warm conversion at a time, by each way, of photos of three sizes, in the default quality and with `quality=original`.',
  reference:
    'plain `convert`, with its own threads and with one, and img2pdf in an interpreter that has already loaded it, with the same photo',
  async run(laboratory, figures) {
    for (const photo of laboratory.photos) {
      laboratory.setup.progress(`${photo.name}: warming up`);
      const calls = await makeCalls(laboratory, photo);
      for (const call of calls) {
        laboratory.goOn();
        if ('run' in call) {
          await call.prepare(1);
          await call.run();
        } else for (const what of call.rows) figures.skip({ what, unit: 'ms' }, call.who, call.skipped);
      }
      for (const _ of laboratory.rounds(`${photo.name}, one at a time`)) {
        for (const call of calls) {
          if (!('run' in call)) continue;
          const start = performance.now();
          for (
            let run = 0;
            run < laboratory.setup.pace.runs && (run < 2 || performance.now() - start < ENOUGH);
            run += 1
          ) {
            laboratory.goOn();
            await call.prepare(1);
            const took = await call.run();
            for (const what of call.rows) figures.add({ what, unit: 'ms' }, call.who, took);
          }
        }
      }
    }
  },
};
