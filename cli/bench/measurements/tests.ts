/** What the tests take. */
import { PROJECT_DIR } from '../../project';
import { type Measurement, OURS } from '../measurement';
import { measureCommand } from '../processes';

/** What the goals look for. */
export const TESTS = { all: '`npm test`', quick: '`npm run test:quick`' } as const;

export const tests: Measurement = {
  name: 'tests',
  what: 'All tests, and the quick ones, by the clock.',
  reference: 'nothing: the goal is a number of minutes',
  onlyByName: true,
  async run(laboratory, figures) {
    for (const [script, what] of [
      ['test:quick', TESTS.quick],
      ['test', TESTS.all],
    ] as const) {
      laboratory.goOn();
      laboratory.setup.progress(what);
      const { wall } = await measureCommand(['npm', '--prefix', PROJECT_DIR, 'run', script], laboratory.setup.signal);
      figures.add({ what, unit: 's' }, OURS, wall);
    }
  },
};
