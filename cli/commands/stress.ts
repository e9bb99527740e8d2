/** `npm run stress`: hundreds of files at once, on a platform of its own, which is killed meanwhile; printed as a table. */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import * as runner from '../../runner';
import { BareConvert } from '../bench/bare-convert';
import { measureRate } from '../bench/measure';
import { openService } from '../client/service';
import { PROJECT_DIR } from '../project';
import { makeFiles } from '../stress/files';
import { type StressReport, stress } from '../stress/stress';
import type { Terminal } from '../terminal';
import { deployedStack } from './deployed-stack';
import { OwnPlatform } from './own-platform';
import { detail, step } from './progress';
import { stackOf } from './stack-of';
import { formatTable } from './table';
import { writeFigures } from './write-figures';

export interface StressCommandOptions {
  readonly photos: number;
  readonly broken: number;
  readonly duplicates: number;
  readonly kills: number;
  readonly json: string;
}

/** @throws Error when a file is lost, converted twice, or became what it should not */
export async function stressTest(options: StressCommandOptions, terminal: Terminal): Promise<void> {
  const platform = await OwnPlatform.make('stress');
  const { data } = platform.options;
  const kill = async (): Promise<void> => {
    await platform.end('SIGKILL');
    await platform.start();
  };
  try {
    step('Starting a separate local platform and deploying to it ...');
    await platform.start();
    const { outputs } = await runner.up(stackOf({ data, student: 'stress', platform: 'openwhisk' }));
    const service = openService(deployedStack(outputs, data), false, true);
    const run = (prefix: string, kills: number): Promise<StressReport> =>
      stress({ ...options, kills, service, prefix, kill, progress: detail });
    step('All at once ...');
    const calm = await run('calm', 0);
    step(`All at once again, killing the local platform ${options.kills} times ...`);
    const killed = await run('killed', options.kills);
    step('Converting the same photos with plain convert ...');
    await platform.end('SIGTERM');
    const bare = await measureBareRate(platform.folder, options.photos);
    print({ calm, killed, bare }, terminal);
    writeFigures(options.json, { date: new Date().toISOString(), calm, killed, bare }, terminal);
    for (const report of [calm, killed]) requireAll(report, options);
  } finally {
    await platform.remove();
  }
}

/** Photos a second, as many processes as there are cores, each with one thread. */
async function measureBareRate(folder: string, photos: number): Promise<number> {
  const convert = new BareConvert(folder, path.join(PROJECT_DIR, 'runtime/policy.xml'));
  const files = makeFiles('bare', photos, 0).map(({ bytes }, index) => {
    const file = path.join(folder, `${index}.jpg`);
    writeFileSync(file, bytes);
    return file;
  });
  let next = 0;
  return measureRate(() => convert.run(files[next++] ?? '', '1'), cpus().length, files.length);
}

interface Figures {
  readonly calm: StressReport;
  readonly killed: StressReport;
  readonly bare: number;
}

function print({ calm, killed, bare }: Figures, terminal: Terminal): void {
  const row = (what: string, of: (report: StressReport) => number | string): string[] => [
    what,
    `${of(calm)}`,
    `${of(killed)}`,
  ];
  const rows = [
    row('uploads', ({ uploads }) => uploads),
    row('  seconds', ({ uploadSeconds }) => uploadSeconds.toFixed(1)),
    row('photos with their PDF', ({ converted }) => converted),
    row('broken files with their reason', ({ refused }) => refused),
    row('lost', ({ lost }) => lost.length),
    row('wrong result', ({ wrong }) => wrong.length),
    row('converted more often than uploaded', ({ twice }) => twice.length),
    row('dead letters', ({ deadLetters }) => deadLetters),
    row('seconds from first upload to last outcome', ({ seconds }) => seconds.toFixed(1)),
    row('files per second', (report) => perSecond(report).toFixed(1)),
  ];
  terminal.out(`\n${formatTable(['what', 'undisturbed', `killed ${killed.kills} times`], rows)}`);
  terminal.out(`\nplain convert of the same photos: ${bare.toFixed(1)} a second, on ${cpus().length} cores`);
}

function perSecond({ converted, refused, seconds }: StressReport): number {
  return (converted + refused) / seconds;
}

function requireAll(report: StressReport, { photos, broken }: StressCommandOptions): void {
  const { converted, refused, lost, wrong, twice } = report;
  const named = { lost, wrong, twice };
  const bad = Object.entries(named).filter(([, names]) => names.length > 0);
  if (bad.length === 0 && converted === photos && refused === broken) return;
  const what = bad.map(([kind, names]) => `${kind}: ${names.slice(0, 5).join(', ')}`).join('; ');
  throw new Error(
    `${converted} of ${photos} photos and ${refused} of ${broken} broken files are accounted for. ${what}`,
  );
}
