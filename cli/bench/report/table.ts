/** Figures as Markdown tables. */
import type { Row } from '../figures';

type Side = Row['sides'][number];

/** Tables of all rows: those that vary a number have a column for each number, the others one for each side. */
export function writeTables(rows: readonly Row[]): string {
  const varied = rows.filter(({ at }) => at !== undefined);
  const fixed = rows.filter(({ at }) => at === undefined);
  return [...(fixed.length > 0 ? [writeFixed(fixed)] : []), ...groupByNumbers(varied).map(writeVaried)].join('\n\n');
}

/** One table: what, and a column for each side. */
function writeFixed(rows: readonly Row[]): string {
  const whos = [...new Set(rows.flatMap(({ sides }) => sides.map(({ who }) => who)))];
  const lines = rows.map(({ what, unit, sides }) => [
    `${what} (${unit})`,
    ...whos.map((who) => formatSide(sides.find((side) => side.who === who))),
  ]);
  return writeMarkdown(['what', ...whos], lines);
}

/** One table: what and who, and a column for each number. */
function writeVaried(rows: readonly Row[]): string {
  const numbers = numbersOf(rows);
  const keys = [
    ...new Map(
      rows.flatMap(({ what, unit, sides }) => sides.map(({ who }) => [`${what}\n${who}`, { what, unit, who }])),
    ).values(),
  ];
  const lines = keys.map(({ what, unit, who }) => {
    const sides = numbers.map((at) =>
      rows.find((row) => row.what === what && row.at === at)?.sides.find((side) => side.who === who),
    );
    return [`${what} (${unit})`, who, ...sides.map(formatSide)];
  });
  return writeMarkdown(['what', 'who', ...numbers.map((at) => at.toLocaleString('en-US'))], lines);
}

/** Rows of the same numbers are in one table. */
function groupByNumbers(rows: readonly Row[]): Row[][] {
  const whats = [...new Set(rows.map(({ what }) => what))];
  const groups = new Map<string, Row[]>();
  for (const what of whats) {
    const own = rows.filter((row) => row.what === what);
    const isSkipped = own.every(({ sides }) => sides.every((side) => 'skipped' in side));
    // What was skipped belongs to its neighbours, not to a table of its own.
    const key = isSkipped ? ([...groups.keys()].at(-1) ?? '') : numbersOf(own).join();
    groups.set(key, [...(groups.get(key) ?? []), ...own]);
  }
  return [...groups.values()];
}

function numbersOf(rows: readonly Row[]): number[] {
  return [...new Set(rows.flatMap(({ at }) => at ?? []))].sort((a, b) => a - b);
}

/** The median, and in brackets the quartiles. */
function formatSide(side: Side | undefined): string {
  if (side === undefined) return '';
  if ('skipped' in side) return side.skipped;
  const { median, low, high, runs } = side;
  return runs === 1 ? formatNumber(median) : `${formatNumber(median)} (${formatNumber(low)}–${formatNumber(high)})`;
}

/** Three digits that count. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1)));
  return value.toFixed(Math.min(digits, 3));
}

/** A table in Markdown. */
export function writeMarkdown(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const write = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replace(/\s+/g, ' ')).join(' | ')} |`;
  return [write(head), `|${head.map(() => '---').join('|')}|`, ...lines.map(write)].join('\n');
}
