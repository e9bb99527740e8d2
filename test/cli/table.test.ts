import { describe, expect, test } from 'vitest';
import { formatTable } from '../../cli/commands/table';
import { WAYS } from '../../contract/ways';

const HEAD = ['way', 'command', 'pages', 'time', 'PDF'];
const ROWS = Object.entries(WAYS).map(([way, { command }]) => [way, command, '1', '12345 ms', `out/${way}.pdf`]);

describe('the table of npm start', () => {
  test.each([80, 60])('fits %i columns, with every word', (width) => {
    const text = formatTable(HEAD, ROWS, width);
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(width);
    const words = text.split(/\s+/);
    for (const word of ROWS.flat().flatMap((cell) => cell.split(' '))) expect(words).toContain(word);
    // Each way begins a line, and its other columns are on that line.
    for (const way of Object.keys(WAYS)) expect(text).toMatch(new RegExp(`^${way} .*12345 ms +out/${way}.pdf$`, 'm'));
  });
  test('breaks no path, however long', () => {
    const file = `/${'folder/'.repeat(20)}v1.pdf`;
    expect(formatTable(HEAD, [['v1', WAYS.v1.command, '1', '1 ms', file]], 60)).toContain(file);
  });
  test('is as it was where there is room', () => {
    expect(formatTable(['what', 'count'], [['  lost', '0']], 80)).toBe('what    count\n------  -----\n  lost  0');
  });
});
