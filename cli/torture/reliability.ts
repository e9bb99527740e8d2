/** docs/reliability.md: what a run was, and a table of faults and what came of them. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Fault } from './faults/fault';
import { findBreaches, type Run } from './report';

/** Before the rows of the runs, so that the next run finds those before it. */
const RUNS =
  '| seed | commit | date | minutes | kills | accepted | files | faults | result |\n|---|---|---|---|---|---|---|---|---|\n';

const INTRODUCTION = `# Reliability: faults, and what came of them

\`npm run torture -- --minutes 10 --seed 1 --docs\` writes this page. The command starts a separate local platform and keeps it
busy: photographs by every way, events, invocations, the commands \`convert\`, \`status\` and \`logs\`, and an \`up\` with changed
code after the other. Meanwhile it kills (\`kill -9\`) the platform, the storage emulator, sandboxes, the runner and the commands,
and makes the faults below. The seed decides what comes when. The same seed gives the same schedule, but not the same
moments: a busy machine is slower.

Afterwards, it checks that

- every invocation and trigger that was answered 202 has exactly one record,
- every good photograph has its PDF, and every broken file its reason,
- the next \`up\` succeeds, and after it neither \`refresh\` nor \`up\` finds anything to do,
- no process, mount or temporary file is left.
`;

/** Writes the page; what earlier runs found stays where this one found nothing. @returns the text */
export function writeReliability(file: string, run: Run, faults: readonly Fault[], date = new Date()): string {
  const page = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const before = readRuns(page);
  const own = `| ${run.seed} | ${run.commit} |`;
  const rows = [...before.filter((row) => !row.startsWith(own)), `${own} ${describeRun(run, date)}`];
  const text = `${INTRODUCTION}
## Faults

While each fault lasts, a neighbour on the first platform converts photographs. Each of these conversions succeeds. Faults that harm
a whole platform happen to a second one beside it. Some need root, for a small disk of their own.

${describeFaults(run, faults, page)}
The last run was on Node.js ${run.node.slice(1)}, ImageMagick ${run.imagemagick}, Linux ${run.kernel}, ${run.cores} cores.

## Runs

*Accepted* are the invocations and triggers that were answered 202, *files* those that were uploaded.

${RUNS}${rows.join('\n')}
`;
  writeFileSync(file, text);
  return text;
}

function readRuns(page: string): string[] {
  const rows = page.split(RUNS)[1] ?? '';
  return rows.split('\n').filter((line) => line.startsWith('|'));
}

function describeRun(run: Run, date: Date): string {
  const kills = Object.values(run.kills).reduce((sum, count) => sum + count, 0);
  const breaches = findBreaches(run);
  const cells = [
    ...[date.toISOString().slice(0, 10), run.minutes.toFixed(1), kills, run.accepted, run.files],
    ...[run.trials.length, breaches.length === 0 ? 'as promised' : makeCell(breaches.join('; '))],
  ];
  return `${cells.join(' | ')} |`;
}

function describeFaults({ trials, seed, commit }: Run, faults: readonly Fault[], page: string): string {
  const rows = faults.map(({ name, made, expected }) => {
    const own = trials.filter(({ fault }) => fault === name);
    const earlier = page.split('\n').find((line) => line.startsWith(`| ${name} | `));
    if (own.length === 0 && earlier !== undefined) return `${earlier}\n`;
    const last = own.find(({ came }) => came === 'not as expected') ?? own.at(-1);
    const conversions = own.reduce((sum, trial) => sum + trial.conversions, 0);
    const came = last === undefined ? ['not reached', ''] : [last.came, makeCell(last.seen)];
    return `| ${[name, made, expected, ...came, own.length, conversions, `${seed}, ${commit}`].join(' | ')} |\n`;
  });
  const head =
    '| fault | how it is made | what is expected | came | what was seen | times | conversions of the neighbour | seed, commit |\n';
  return `${head}|---|---|---|---|---|---|---|---|\n${rows.join('')}`;
}

/** A cell holds one line, and no border. */
function makeCell(text: string): string {
  const anywhere = text.replace(/\/\S*\/pdfmagic-torture-\w+/g, 'RUN');
  return anywhere.replace(/\s+/g, ' ').replaceAll('|', '\\|').replaceAll('<', '&lt;').slice(0, 300);
}
