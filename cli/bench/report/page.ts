/** docs/performance.md: all of it is written from the JSON. */
import type { Origin, Outcome, Report } from '../figures';
import { type GoalResult, judgeGoals } from './goals';
import type { Picture } from './pictures';
import { writeMarkdown, writeTables } from './table';

/** Rows of a table that a reader wants to see at once; longer ones are folded. */
const SHORT = 14;
/** Load of a machine on which figures are to be trusted. */
const QUIET = 0.5;

/** Writes the page. @param pictures that lie in `pictures/` beside it */
export function writePage(report: Report, pictures: readonly Picture[]): string {
  return `# Performance

This page is written by \`npm run bench -- --docs\`, from \`performance.json\` beside it. Run it yourself: the figures are of one
machine, and what counts are the ratios. Everything that is compared is measured in turns, in one run. A figure is the median; in
brackets are the quartiles: half of all runs lie between them. \`npm run bench -- --list\` lists the measurements.

${writeGoals(judgeGoals(report))}

${report.measurements.map((outcome) => writeOutcome(outcome, pictures)).join('\n\n')}
`;
}

function writeGoals(goals: readonly GoalResult[]): string {
  const isMet = ({ isMet }: GoalResult): string => (isMet === undefined ? '–' : isMet ? 'yes' : '**no**');
  const lines = goals.map((goal) => [goal.what, goal.goal, goal.figure, isMet(goal)]);
  return `## Goals\n\n${writeMarkdown(['what', 'goal', 'measured', 'met'], lines)}`;
}

function writeOutcome({ name, what, reference, origin, stopped, rows }: Outcome, pictures: readonly Picture[]): string {
  const table = writeTables(rows);
  const isLong = table.split('\n').length > SHORT;
  return [
    `## ${name}`,
    `${what} Beside it: ${reference}.`,
    ...(stopped === undefined ? [] : [`**Not all of it was measured: ${stopped.replace(/\s+/g, ' ')}.**`]),
    ...pictures.filter(({ of }) => of === name).map(({ file, title }) => `![${title}](pictures/${file})`),
    ...(table === '' ? [] : [isLong ? `<details>\n<summary>All figures</summary>\n\n${table}\n\n</details>` : table]),
    writeOrigin(origin),
  ].join('\n\n');
}

function writeOrigin({ date, commit, changed, machine, versions, pace }: Origin): string {
  const { cores, processor, memory, system, load } = machine;
  const from = commit === undefined ? '' : ` of commit ${commit.slice(0, 12)}${changed ? ' with changes' : ''}`;
  const quiet = load > QUIET ? ` The machine was busy: its load was ${load} at the start.` : '';
  const software = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return (
    `*${date.slice(0, 16).replace('T', ' ')} UTC${from}, pace ${pace}, on ${cores} cores (${processor}), ${memory} GB, ${system}; ` +
    `${software.join(', ')}.${quiet}*`
  );
}
