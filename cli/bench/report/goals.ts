/** The goals of the project for speed and memory, and what was measured of each. */
import { findFigure, type Measured, type Report } from '../figures';
import { OTHER, OURS } from '../measurement';
import { TRIVIAL_LATENCY, TRIVIAL_RATE } from '../measurements/actions';
import { BARE_PYTHON, COLD } from '../measurements/cold';
import { NODE } from '../measurements/commands';
import { UNCHANGED } from '../measurements/deploy';
import { WITH_ACTIVATIONS } from '../measurements/growth';
import { AFTER, IDLE } from '../measurements/memory';
import { TESTS } from '../measurements/tests';

/** A goal, and how it went. */
export interface GoalResult {
  readonly what: string;
  readonly goal: string;
  /** In words; why there is none, when it was not measured. */
  readonly figure: string;
  /** Undefined when it was not measured. */
  readonly isMet: boolean | undefined;
}

type Find = (measurement: string, who: string, what: string, at?: number) => number | undefined;

interface Goal {
  readonly what: string;
  readonly least?: number;
  readonly most?: number;
  readonly unit: string;
  readonly digits: number;
  /** The measurement that has it, with the options it needs. */
  readonly by: string;
  compute(find: Find, report: Report): number | undefined;
}

const ratio = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? undefined : one / other;
const beyond = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? undefined : one - other;

const V1 = 'v1, 66 kB';
const command = (name: string): string => `\`pdfmagic ${name}\`: processor`;

const GOALS: readonly Goal[] = [
  {
    ...{
      what: '`pdfmagic --help`: processor time by that of `node -e 0`',
      most: 3,
      unit: 'times',
      digits: 1,
      by: 'commands',
    },
    compute: (find) => ratio(find('commands', OURS, command('--help')), find('commands', NODE, command('--help'))),
  },
  {
    ...{ what: '`pdfmagic outputs`: processor time', most: 0.5, unit: 's', digits: 2, by: 'commands' },
    compute: (find) => find('commands', OURS, command('outputs')),
  },
  {
    ...{ what: '`pdfmagic status`: processor time', most: 0.5, unit: 's', digits: 2, by: 'commands' },
    compute: (find) => find('commands', OURS, command('status')),
  },
  {
    ...{ what: '`up` without a change: processor time', most: 1.5, unit: 's', digits: 2, by: 'deploy' },
    compute: (find) => find('deploy', OURS, `${UNCHANGED}: processor`),
  },
  {
    ...{ what: 'idle platform, all processes: resident memory', most: 120, unit: 'MB', digits: 0, by: 'memory' },
    compute: (find) => find('memory', OURS, IDLE),
  },
  {
    ...{ what: 'idle platform: build tools that stay', most: 0, unit: 'processes', digits: 0, by: 'memory' },
    compute: (_, report) => {
      const rows = report.measurements.find(({ name }) => name === 'memory')?.rows;
      return rows?.some(({ what }) => what === IDLE)
        ? rows.filter(({ what }) => what.startsWith('idle platform: esbuild')).length
        : undefined;
    },
  },
  {
    ...{
      what: 'warm v1, 66 kB, one at a time: median beyond `convert`',
      most: 4,
      unit: 'ms',
      digits: 1,
      by: 'latency',
    },
    compute: (find) => beyond(find('latency', OURS, V1), find('latency', 'convert', V1)),
  },
  {
    ...{
      what: 'warm v1, 66 kB, four at a time: rate by the best of `convert`',
      least: 0.95,
      unit: 'times',
      digits: 2,
      by: 'rate',
    },
    compute: (find, report) => ratio(find('rate', OURS, V1, 4), findBest(report)),
  },
  {
    ...{
      what: 'warm trivial Python action: rate by another OpenWhisk, four at a time',
      least: 5,
      unit: 'times',
      digits: 1,
    },
    by: 'actions --against URL',
    compute: (find) =>
      ratio(find('actions', OURS, TRIVIAL_RATE('Python'), 4), find('actions', OTHER, TRIVIAL_RATE('Python'), 4)),
  },
  {
    ...{ what: 'warm trivial Python action: median by another OpenWhisk', most: 0.25, unit: 'times', digits: 2 },
    by: 'actions --against URL',
    compute: (find) =>
      ratio(find('actions', OURS, TRIVIAL_LATENCY('Python')), find('actions', OTHER, TRIVIAL_LATENCY('Python'))),
  },
  ...(
    [
      ['v0', 100],
      ['v2', 350],
    ] as const
  ).map(
    ([way, most]): Goal => ({
      ...{ what: `cold ${way}: median beyond a bare Python`, most, unit: 'ms', digits: 0, by: 'cold' },
      compute: (find) => beyond(find('cold', OURS, COLD(way)), find('cold', BARE_PYTHON, COLD(way))),
    }),
  ),
  {
    ...{ what: 'latency with 100,000 activations by that with 100', most: 1.1, unit: 'times', digits: 2, by: 'growth' },
    compute: (find) =>
      ratio(find('growth', OURS, WITH_ACTIVATIONS, 100_000), find('growth', OURS, WITH_ACTIVATIONS, 100)),
  },
  {
    ...{
      what: 'memory after 20,000 invocations by that after 2,000',
      most: 1.1,
      unit: 'times',
      digits: 2,
      by: 'memory',
    },
    compute: (find) => ratio(find('memory', OURS, AFTER, 20_000), find('memory', OURS, AFTER, 2_000)),
  },
  {
    ...{ what: TESTS.all, most: 420, unit: 's', digits: 0, by: 'tests' },
    compute: (find) => find('tests', OURS, TESTS.all),
  },
  {
    ...{ what: TESTS.quick, most: 60, unit: 's', digits: 0, by: 'tests' },
    compute: (find) => find('tests', OURS, TESTS.quick),
  },
];

/** Any number of processes and threads. */
function findBest(report: Report): number | undefined {
  const rows = report.measurements.find(({ name }) => name === 'rate')?.rows.filter(({ what }) => what === V1) ?? [];
  const bare = rows.flatMap(({ sides }) => sides).filter((side): side is Measured => 'median' in side);
  const rates = bare.filter(({ who }) => who.startsWith('convert')).map(({ median }) => median);
  return rates.length === 0 ? undefined : Math.max(...rates);
}

/** How each goal went. */
export function judgeGoals(report: Report): GoalResult[] {
  const find: Find = (measurement, who, what, at) => {
    const rows = report.measurements.find(({ name }) => name === measurement)?.rows ?? [];
    return findFigure(rows, who, what, at)?.median;
  };
  return GOALS.map((goal) => {
    const { what, least, most, unit, digits, by } = goal;
    const write = (value: number): string => `${value.toFixed(digits)} ${unit}`;
    const found = goal.compute(find, report);
    const bound = least === undefined ? `at most ${most} ${unit}` : `at least ${least} ${unit}`;
    if (found === undefined) return { what, goal: bound, figure: `not measured: \`--only ${by}\``, isMet: undefined };
    return {
      what,
      goal: bound,
      figure: write(found),
      isMet: found >= (least ?? -Infinity) && found <= (most ?? Infinity),
    };
  });
}
