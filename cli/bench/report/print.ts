/** Figures for a terminal. */
import { formatTable } from '../../commands/table';
import type { Terminal } from '../../terminal';
import type { Outcome } from '../figures';
import { formatNumber } from './table';

/** Prints what was measured: a line for each figure. */
export function printOutcome({ name, stopped, rows }: Outcome, terminal: Terminal): void {
  const lines = rows.flatMap(({ what, at, unit, sides }) =>
    sides.map((side) => [
      `${what.replaceAll('`', '')}${at === undefined ? '' : ` (${at.toLocaleString('en-US')})`}`,
      side.who,
      ...('skipped' in side
        ? ['-', side.skipped]
        : [`${formatNumber(side.median)} ${unit}`, `${formatNumber(side.low)} to ${formatNumber(side.high)}`]),
    ]),
  );
  const note = stopped === undefined ? '' : ` (${stopped})`;
  terminal.out(`\n${name}${note}\n`);
  if (lines.length > 0) terminal.out(formatTable(['what', 'who', 'median', 'half of all runs'], lines));
}
