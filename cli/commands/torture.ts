/** `npm run torture`: kills by chance under load of every kind; then everything accepted is accounted for. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as runner from '../../runner';
import type { OpenWhiskApi } from '../client/openwhisk';
import { openService } from '../client/service';
import { PROJECT_DIR } from '../project';
import type { Terminal } from '../terminal';
import { type TortureReport, torture } from '../torture/torture';
import { deployedStack } from './deployed-stack';
import { OwnPlatform } from './own-platform';
import { detail, step } from './progress';
import { PROGRAM, stackOf } from './stack-of';
import { formatTable } from './table';
import { writeFigures } from './write-figures';

export interface TortureCommandOptions {
  readonly kills: number;
  readonly seed: number;
  readonly photos: number;
  readonly broken: number;
  readonly json: string;
}

const STUDENT = 'torture';

/** @throws Error when anything that was accepted is lost, or became what it should not */
export async function tortureTest(options: TortureCommandOptions, terminal: Terminal): Promise<void> {
  const platform = await OwnPlatform.make('torture');
  const stack = stackOf({ data: platform.options.data, student: STUDENT, platform: 'openwhisk' });
  try {
    step('Starting a separate local platform and deploying to it ...');
    await platform.start();
    const service = openService(deployedStack((await runner.up(stack)).outputs, platform.options.data));
    const { openwhisk } = service;
    if (openwhisk === undefined) throw new Error('a stack on another platform was deployed');
    step(`${options.kills} kills under load ...`);
    const repair = () => beginRepair(platform, openwhisk);
    const subject = { service, openwhisk, platform, beginRepair: repair };
    const report = await torture({ ...options, ...subject, progress: detail });
    step('Deploying once more ...');
    await runner.refresh(stack);
    await runner.up(stack);
    const { changes } = await runner.up(stack);
    print(report, terminal);
    writeFigures(options.json, { date: new Date().toISOString(), ...report }, terminal);
    const left = Object.keys(changes).filter((operation) => operation !== 'same');
    if (left.length > 0) throw new Error(`a second up still had something to do: ${left.join(', ')}`);
    requireAll(report);
  } finally {
    await platform.remove();
  }
}

/** Takes a rule away behind the stack's back, and begins to mend that: `refresh`, then `up`, in processes of their own. */
async function beginRepair({ options }: OwnPlatform, openwhisk: OpenWhiskApi): Promise<{ kill(): Promise<void> }> {
  // It may be gone from an earlier time.
  await openwhisk.send('DELETE', 'rules/new-file-print').catch(() => undefined);
  const ports = ['--port', `${options.port}`, '--storage-port', `${options.storagePort}`];
  const args = ['--data', options.data, '--student', STUDENT, ...ports];
  const both = 'node "$0" refresh "$@"; exec node "$0" up "$@"';
  const child = spawn('sh', ['-c', both, PROGRAM, ...args], { cwd: PROJECT_DIR, stdio: 'ignore', detached: true });
  const closed = once(child, 'close');
  return {
    kill: async () => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
      await closed;
    },
  };
}

function print(report: TortureReport, terminal: Terminal): void {
  const { kills } = report;
  const rows = [
    ['seed', report.seed],
    [
      'kills',
      Object.entries(kills)
        .map(([victim, count]) => `${count} ${victim}`)
        .join(', '),
    ],
    ['invocations and triggers answered 202', report.accepted],
    ['  without a record', report.missing.length],
    ['files uploaded (attempts)', `${report.files} (${report.uploads})`],
    ['  photos with their PDF', report.converted],
    ['  broken files with their reason', report.refused],
    ['  lost', report.lost.length],
    ['  wrong result', report.wrong.length],
    ['  converted more often than uploaded', report.twice.length],
    ['dead letters', report.deadLetters],
    ['PDFs returned by v1', report.answered],
    ['requests that failed meanwhile', report.failed],
    ['seconds from the last start to the last outcome', report.settledSeconds.toFixed(1)],
  ];
  terminal.out(
    `\n${formatTable(
      ['what', 'count'],
      rows.map((row) => row.map(String)),
    )}`,
  );
}

function requireAll({ seed, missing, lost, wrong, twice, deadLetters }: TortureReport): void {
  const named = { 'no record': missing, lost, wrong, twice };
  const bad = Object.entries(named).filter(([, names]) => names.length > 0);
  if (bad.length === 0 && deadLetters === 0) return;
  const what = bad.map(([kind, names]) => `${kind}: ${names.length} (${names.slice(0, 5).join(', ')})`).join('; ');
  throw new Error(`seed ${seed}: ${what || `${deadLetters} dead letters`}. --seed ${seed} repeats the same kills.`);
}
