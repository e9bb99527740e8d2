/** Actions that do next to nothing: the platform's own time. */
import { measureLatencies, measureRate, measureRateFor } from '../measure';
import { listApis, type Measurement, OTHER, OURS } from '../measurement';
import { askOnly, invoke, putTrivial, RUNTIMES, TRIVIAL } from '../trivial-actions';

/** What the rows are called; the goals look for them. */
export const TRIVIAL_LATENCY = (runtime: string): string => `trivial ${runtime} action, one at a time`;
export const TRIVIAL_RATE = (runtime: string): string => `trivial ${runtime} action`;

/** By how much more runs and seconds are measured than of conversions: each takes a hundredth of one, and both sides vary within a second. */
const MORE_RUNS = 25;
const MORE_SECONDS = 5;

export const actions: Measurement = {
  name: 'actions',
  what: 'Warm actions in Python and Node.js that return the time and do nothing else: latency, and rate at several at a time. Each has run several thousand times before.',
  reference: 'a request that needs the key but no action (`GET limits`), and the other OpenWhisk',
  async run(laboratory, figures) {
    const { pace } = laboratory.setup;
    const apis = await listApis(laboratory);
    const sides = apis.flatMap(({ who, api }) =>
      RUNTIMES.map((runtime) => ({ runtime, who, work: async () => void (await invoke(api, TRIVIAL[runtime].name)) })),
    );
    for (const { api } of apis) for (const runtime of RUNTIMES) await putTrivial(api, runtime);
    for (const { work } of sides) {
      laboratory.goOn();
      await measureRate(work, Math.max(...pace.concurrencies), pace.warmUp);
    }
    const requests = apis.map(({ who, api }) => ({
      who: who === OURS ? 'request without an action' : `request without an action, ${OTHER}`,
      work: () => askOnly(api),
    }));
    const all = [...sides, ...RUNTIMES.flatMap((runtime) => requests.map((request) => ({ ...request, runtime })))];
    for (const _ of laboratory.rounds('trivial actions')) {
      for (const { runtime, who, work } of all) {
        laboratory.goOn();
        figures.add(
          { what: TRIVIAL_LATENCY(runtime), unit: 'ms' },
          who,
          ...(await measureLatencies(work, MORE_RUNS * pace.runs)),
        );
      }
      for (const at of pace.concurrencies) {
        for (const { runtime, who, work } of all) {
          laboratory.goOn();
          figures.add(
            { what: TRIVIAL_RATE(runtime), at, unit: '/s' },
            who,
            await measureRateFor(work, at, MORE_SECONDS * pace.seconds),
          );
        }
      }
    }
  },
};
