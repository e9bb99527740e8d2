/** `npm run bench`: measures a local platform of its own beside bare tools; printed, and written as JSON, page and pictures. */
import path from 'node:path';
import type { Outcome, Report } from '../bench/figures';
import { Laboratory } from '../bench/laboratory';
import type { Measurement } from '../bench/measurement';
import { MEASUREMENTS } from '../bench/measurements/all';
import { type Against, OtherOpenWhisk } from '../bench/other';
import { PACES } from '../bench/pace';
import { requireJpeg } from '../bench/photos';
import { judgeGoals } from '../bench/report/goals';
import { printOutcome } from '../bench/report/print';
import { DOCS_JSON, DOCS_PAGE, writeDocs } from '../bench/report/write-docs';
import { EMPTY, readReport, writeReport } from '../bench/report-file';
import { mergeOutcome, runAll } from '../bench/run';
import { EXIT, Failure, UsageFailure } from '../failure';
import { projectPath } from '../project';
import type { Terminal } from '../terminal';
import { detail, step } from './progress';
import { stopSignal } from './signals';
import { formatTable } from './table';

/** The options, as commander gives them. */
export interface BenchOptions {
  readonly list?: boolean;
  readonly only?: readonly string[];
  readonly quick?: boolean;
  /** For tests: whether all of it works. */
  readonly tiny?: boolean;
  readonly photo?: string;
  readonly against?: string;
  readonly auth?: string;
  readonly insecure?: boolean;
  readonly json: string;
  /** A folder, or `true` for that of the project. */
  readonly docs?: string | boolean;
}

const ORDER = MEASUREMENTS.map(({ name }) => name);

/** @throws UsageFailure for options that cannot be; Failure when something could not be measured */
export async function bench(options: BenchOptions, terminal: Terminal): Promise<void> {
  if (options.list) return list(terminal);
  const chosen = choose(options.only);
  const against = readAgainst(options);
  const docs = options.docs === true ? projectPath('docs') : options.docs || undefined;
  const shown = docs === undefined ? EMPTY : readReport(path.join(docs, DOCS_JSON));
  if (options.photo !== undefined) requireJpeg(options.photo);
  const other = against && (await OtherOpenWhisk.open(against));
  const signal = stopSignal();
  const pace = PACES[options.tiny ? 'tiny' : options.quick ? 'quick' : 'whole'];
  const laboratory = new Laboratory({ pace, signal, progress: detail, photo: options.photo, other });
  let outcomes: Outcome[];
  try {
    step(`Measuring ${chosen.map(({ name }) => name).join(', ')} on a separate local platform; Ctrl-C ends it ...`);
    let found: Report = EMPTY;
    outcomes = await runAll(chosen, laboratory, (outcome) => {
      found = mergeOutcome(found, outcome, ORDER);
      writeReport(options.json, found);
      printOutcome(outcome, terminal);
    });
    const merged = outcomes.reduce((report, outcome) => mergeOutcome(report, outcome, ORDER), shown);
    if (docs !== undefined) writeDocs(docs, merged);
    printGoals(docs === undefined ? found : merged, terminal);
    terminal.out(
      `\nwritten to ${[options.json, ...(docs === undefined ? [] : [path.join(docs, DOCS_PAGE)])].join(' and ')}`,
    );
  } finally {
    await laboratory.close();
  }
  if (signal.aborted) process.exitCode = EXIT.signals.SIGINT;
  else requireAll(outcomes);
}

function list(terminal: Terminal): void {
  terminal.out(
    formatTable(
      ['name', 'what'],
      MEASUREMENTS.map(({ name, what, onlyByName }) => [name, onlyByName ? `${what} Only with --only ${name}.` : what]),
    ),
  );
}

function choose(only: readonly string[] | undefined): Measurement[] {
  if (only === undefined) return MEASUREMENTS.filter(({ onlyByName }) => !onlyByName);
  const unknown = only.filter((name) => !ORDER.includes(name));
  if (unknown.length > 0)
    throw new UsageFailure(`There is no measurement ${unknown.join(', ')}.`, `Choose from: ${ORDER.join(', ')}.`);
  return MEASUREMENTS.filter(({ name }) => only.includes(name));
}

function readAgainst({
  against,
  auth = process.env.OPENWHISK_AUTH,
  insecure = false,
}: BenchOptions): Against | undefined {
  if (against === undefined) {
    if (insecure) throw new UsageFailure('--insecure goes with --against.', 'Add --against URL, or leave it out.');
    return undefined;
  }
  if (!URL.canParse(against) || !/^https?:$/.test(new URL(against).protocol))
    throw new UsageFailure(`--against '${against}' is not a URL.`, 'It must be like http://127.0.0.1:3233.');
  if (auth === undefined || !/^[^:\s]+:[^:\s]+$/.test(auth))
    throw new UsageFailure(
      '--against needs a key of the form UUID:KEY.',
      'Name it with --auth, or set OPENWHISK_AUTH.',
    );
  return { url: new URL(against).origin, auth, insecure };
}

function printGoals(report: Report, terminal: Terminal): void {
  const goals = judgeGoals(report).filter(({ isMet }) => isMet !== undefined);
  if (goals.length === 0) return;
  const rows = goals.map(({ what, goal, figure, isMet }) => [
    what.replaceAll('`', ''),
    goal,
    figure,
    isMet ? 'met' : 'not met',
  ]);
  terminal.out(`\n${formatTable(['goal', 'bound', 'measured', ''], rows)}`);
}

function requireAll(outcomes: readonly Outcome[]): void {
  const failed = outcomes.filter(({ stopped }) => stopped !== undefined);
  if (failed.length === 0) return;
  const names = failed.map(({ name }) => name);
  throw new Failure(
    `Not everything could be measured: ${failed.map(({ name, stopped }) => `${name}: ${stopped}`).join('; ')}.`,
    `The other figures are written. To try again: --only ${names.join(' ')}`,
  );
}
