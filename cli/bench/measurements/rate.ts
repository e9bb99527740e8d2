/** How many conversions a second there are, when all is warm. */
import { makeCalls } from '../calls';
import { measureRateFor, time } from '../measure';
import type { Measurement } from '../measurement';

export const rate: Measurement = {
  name: 'rate',
  what: 'Warm conversions a second, at 1, 2, 4, 8 and 16 at a time, by each way, of photos of three sizes, in both qualities.',
  reference: 'the same as for latency, with as many processes at a time',
  async run(laboratory, figures) {
    const { concurrencies, seconds } = laboratory.setup.pace;
    for (const photo of laboratory.photos) {
      laboratory.setup.progress(`${photo.name}: warming up`);
      const ready: { readonly one: number; readonly call: Awaited<ReturnType<typeof makeCalls>>[number] }[] = [];
      for (const call of await makeCalls(laboratory, photo)) {
        laboratory.goOn();
        if ('run' in call) {
          await call.prepare(1);
          ready.push({ call, one: await time(call.run) });
        } else for (const what of call.rows) figures.skip({ what, at: 1, unit: '/s' }, call.who, call.skipped);
      }
      for (const at of concurrencies) {
        for (const _ of laboratory.rounds(`${photo.name}, ${at} at a time`)) {
          for (const { call, one } of ready) {
            if (!('run' in call)) continue;
            laboratory.goOn();
            // As many as there can be at best, with four at work: no more than two are on two cores.
            const most = Math.ceil((seconds * 1000 * Math.min(at, 4)) / one) + at;
            await call.prepare(most);
            const found = await measureRateFor(async () => void (await call.run()), at, seconds, most);
            for (const what of call.rows) figures.add({ what, at, unit: '/s' }, call.who, found);
          }
        }
      }
    }
  },
};
