/** What the bench writes of its figures: JSON, tables, pictures, goals, and docs/performance.md. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Figures, type Outcome, type Report } from '../../cli/bench/figures';
import { computeQuantile, measureRateFor } from '../../cli/bench/measure';
import { judgeGoals } from '../../cli/bench/report/goals';
import { writePage } from '../../cli/bench/report/page';
import { drawPictures } from '../../cli/bench/report/pictures';
import { chooseTicks } from '../../cli/bench/report/svg';
import { writeTables } from '../../cli/bench/report/table';
import { writeDocs } from '../../cli/bench/report/write-docs';
import { readReport } from '../../cli/bench/report-file';
import { mergeOutcome } from '../../cli/bench/run';

const ROOT = path.resolve(__dirname, '../..');
const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-bench-report-'));
afterAll(() => rmSync(folder, { recursive: true }));

const origin: Outcome['origin'] = {
  date: '2026-01-02T03:04:05.678Z',
  machine: { cores: 2, processor: 'a & b', memory: 8, system: 'Linux 6', load: 0.1 },
  versions: { 'Node.js': '20.19.0' },
  pace: 'whole',
};

function outcomeOf(name: string, fill: (figures: Figures) => void, stopped?: string): Outcome {
  const figures = new Figures();
  fill(figures);
  return { name, what: 'What.', reference: 'that', origin, rows: figures.rows(), ...(stopped && { stopped }) };
}

const reportOf = (...measurements: Outcome[]): Report => ({ version: 1, measurements });

/** v1 a little slower than convert, and at four at a time nearly as fast as the best of it. */
const sample = reportOf(
  outcomeOf('latency', (figures) => {
    figures.add({ what: 'v1, 66 kB', unit: 'ms' }, 'PDFMagic', 40, 41, 42, 43, 60);
    figures.add({ what: 'v1, 66 kB', unit: 'ms' }, 'convert', 38, 39, 40);
    figures.skip({ what: 'v0, 3 MB', unit: 'ms' }, 'PDFMagic', 'too large | for it');
  }),
  outcomeOf('rate', (figures) => {
    for (const at of [1, 4]) {
      figures.add({ what: 'v1, 66 kB', at, unit: '/s' }, 'PDFMagic', 20 * at);
      figures.add({ what: 'v1, 66 kB', at, unit: '/s' }, 'convert', 25);
      figures.add({ what: 'v1, 66 kB', at, unit: '/s' }, 'convert, 1 thread', at === 1 ? 100 : 90);
    }
  }),
);

describe('figures', () => {
  test('are the median and the quartiles of all runs', () => {
    expect(computeQuantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(sample.measurements[0]?.rows[0]?.sides[0]).toEqual({
      who: 'PDFMagic',
      runs: 5,
      median: 42,
      low: 41,
      high: 43,
    });
  });
  test('of a rate count what was done, also by those that were at it when the time was up, and no more than there is', async () => {
    let done = 0;
    const work = async (): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      done += 1;
    };
    await measureRateFor(work, 3, 0);
    expect(done).toBe(3);
    expect(await measureRateFor(work, 3, 60, 4)).toBeGreaterThan(0);
    expect(done).toBe(7);
  });
  test('of a measurement that is ended never replace those of a whole one', () => {
    const whole = outcomeOf('latency', () => undefined);
    const half = outcomeOf('latency', () => undefined, 'ended');
    expect(mergeOutcome(reportOf(whole), half, ['latency']).measurements).toEqual([whole]);
    expect(mergeOutcome(reportOf(half), whole, ['latency']).measurements).toEqual([whole]);
  });
  test('of another measurement stay, in the order of the list', () => {
    const [one, two] = [outcomeOf('one', () => undefined), outcomeOf('two', () => undefined)];
    expect(mergeOutcome(reportOf(two), one, ['one', 'two']).measurements).toEqual([one, two]);
  });
  test('come back from the file as they were written; another file is refused, not overwritten', () => {
    writeDocs(folder, sample);
    expect(readReport(path.join(folder, 'performance.json'))).toEqual(sample);
    const other = path.join(folder, 'other.json');
    writeFileSync(other, '{"latency": 1}');
    expect(() => readReport(other)).toThrow(/does not hold figures/);
  });
});

describe('tables', () => {
  const [first, second] = sample.measurements.map(({ rows }) => writeTables(rows));
  test('have a column for each side, median and quartiles, and why there is no figure', () => {
    expect(first).toContain('| v1, 66 kB (ms) | 42.0 (41.0–43.0) | 39.0 (38.5–39.5) |');
    expect(first).toContain('too large \\| for it');
  });
  test('have a column for each number that is varied', () => {
    expect(second).toContain('| what | who | 1 | 4 |');
    expect(second).toContain('| v1, 66 kB (/s) | PDFMagic | 20.0 | 80.0 |');
  });
});

describe('pictures', () => {
  const pictures = drawPictures(sample);
  test('are drawn of what there are figures for', () => {
    expect(pictures.map(({ file }) => file)).toEqual(['bench-latency.svg', 'bench-rate.svg']);
  });
  test.each(pictures)(
    '$file has a title and a description with its figures, and colours for light and dark',
    ({ svg, title }) => {
      expect(svg).toMatch(/role="img" aria-labelledby="title description"/);
      expect(svg).toContain(`<title id="title">${title}</title>`);
      expect(svg).toMatch(/<desc id="description">[^<]*\d[^<]*<\/desc>/);
      expect(svg).toContain('prefers-color-scheme:dark');
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
      expect(svg.length).toBeLessThan(20_000);
    },
  );
  test('have round numbers at their sides', () => {
    expect(chooseTicks(43)).toEqual([0, 10, 20, 30, 40, 50]);
    expect(chooseTicks(0)).toEqual([0, 1]);
  });
});

describe('goals', () => {
  const goalOf = (report: Report, what: string) => judgeGoals(report).find((goal) => goal.what.startsWith(what));
  test('are met or not by the figures', () => {
    expect(goalOf(sample, 'warm v1, 66 kB, one')).toMatchObject({ figure: '3.0 ms', isMet: true });
    // By the best of convert at any number: 80 of 100.
    expect(goalOf(sample, 'warm v1, 66 kB, four')).toMatchObject({ figure: '0.80 times', isMet: false });
  });
  test('that were not measured say what measures them', () => {
    expect(goalOf(reportOf(), 'cold v0')).toMatchObject({ figure: 'not measured: `--only cold`', isMet: undefined });
  });
});

test('docs/performance.md is what the bench writes of docs/performance.json', () => {
  const report = readReport(path.join(ROOT, 'docs/performance.json'));
  const pictures = drawPictures(report);
  expect(readFileSync(path.join(ROOT, 'docs/performance.md'), 'utf8')).toBe(writePage(report, pictures));
  for (const { file, svg } of pictures) expect(readFileSync(path.join(ROOT, 'docs/pictures', file), 'utf8')).toBe(svg);
});
