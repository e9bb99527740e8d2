/** A plain table: columns as wide as their widest cell, two blanks between; on a narrow terminal, cells of several lines. */

/** @param width characters of a line; the column with the longest texts is broken between words to keep to it */
export function formatTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  width = process.stdout.columns ?? 80,
): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const texts = head.map((_, column) => Math.max(0, ...rows.map((row) => row[column]?.split(' ').length ?? 0)));
  const breakable = texts.indexOf(Math.max(...texts));
  const others = widths.reduce((sum, each, column) => sum + (column === breakable ? 0 : each + 2), 0);
  const room = Math.max(MINIMUM, width - others);
  const broken = all.map((row) => row.map((cell, column) => (column === breakable ? breakText(cell, room) : [cell])));
  widths[breakable] = Math.max(...broken.flatMap((row) => row[breakable]?.map(({ length }) => length) ?? []));
  const [first = [], ...more] = broken.map((row) => layOut(row, widths));
  return [...first, widths.map((each) => '-'.repeat(each)).join('  '), ...more.flat()].join('\n');
}

/** A column is never narrower, whatever the terminal. */
const MINIMUM = 16;

/** Lines of at most `room` characters, but for words that are longer. */
function breakText(text: string, room: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<=\S) (?=\S)/)) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

function layOut(row: readonly (readonly string[])[], widths: readonly number[]): string[] {
  const height = Math.max(...row.map(({ length }) => length));
  return Array.from({ length: height }, (_, line) =>
    row
      .map((cell, column) => (cell[line] ?? '').padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
