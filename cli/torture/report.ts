/** What came of a run, as a table for people, and whether all was as promised. */
import { formatTable } from '../commands/table';
import type { TortureReport } from './torture';
import type { Versions } from './versions';

/** A run, with what was found when all was over. */
export interface Run extends TortureReport, Versions {
  /** How long, under load. */
  readonly minutes: number;
  /** What refresh and a second `up` still had to do. */
  readonly disagreements: readonly string[];
  /** Processes, mounts and files that outlived it. */
  readonly left: readonly string[];
}

/** The table. */
export function formatReport(run: Run): string {
  const { kills, deployments, commands } = run;
  const counts = Object.entries(kills).map(([victim, count]) => `${count} ${victim}`);
  const rows: (readonly [string, string | number])[] = [
    ['seed', run.seed],
    ['kills', counts.join(', ')],
    ['invocations and triggers answered 202', run.accepted],
    ['  without a record', run.missing.length],
    ['  with more than one', run.doubled.length],
    ['files uploaded (attempts)', `${run.files} (${run.uploads})`],
    ['  photos with their PDF', run.converted],
    ['  broken files with their reason', run.refused],
    ['  lost', run.lost.length],
    ['  wrong result', run.wrong.length],
    ['  converted more often than uploaded', run.twice.length],
    ['dead letters', run.deadLetters],
    ['PDFs returned by v1', run.answered],
    ['requests that failed meanwhile', run.failed],
    ['deployments (succeeded)', `${deployments.begun} (${deployments.succeeded})`],
    ['commands that succeeded, that did not', `${commands.succeeded}, ${commands.failed}`],
    ['seconds from the last start to the last outcome', run.settledSeconds.toFixed(1)],
    ['found by refresh and a second up', run.disagreements.length],
    ['processes, mounts, files left', run.left.length],
    ['faults as expected', run.trials.filter(({ came }) => came === 'as expected').length],
    ['  not as expected', run.trials.filter(({ came }) => came === 'not as expected').length],
    ['  skipped', run.trials.filter(({ came }) => came === 'skipped').length],
  ];
  const cells = rows.map((row) => row.map(String));
  return formatTable(['what', 'count'], cells);
}

/** What was not as promised: empty if all was. */
export function findBreaches(run: Run): string[] {
  const { missing, doubled, lost, wrong, twice, disagreements, left, deadLetters } = run;
  const bad = run.trials.filter(({ came }) => came === 'not as expected').map(({ fault, seen }) => `${fault}: ${seen}`);
  const named = {
    ...{ 'no record': missing, 'more than one record': doubled, lost, wrong, 'converted twice': twice },
    ...{ 'state and platform disagree': disagreements, 'left over': left, faults: bad },
  };
  const breaches = Object.entries(named)
    .filter(([, names]) => names.length > 0)
    .map(([kind, names]) => `${kind}: ${names.length} (${names.slice(0, 5).join('; ')})`);
  return deadLetters === 0 ? breaches : [...breaches, `dead letters: ${deadLetters}`];
}
