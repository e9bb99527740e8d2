/** The JSON of the bench, in a file: one row of figures on each line, so that changes can be read. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { hasCode } from '../../ground/errors';
import { UsageFailure } from '../failure';
import { type Report, report } from './figures';

export const EMPTY: Report = { version: 1, measurements: [] };

/** Reads it; an empty one where there is none. @throws UsageFailure when it is something else */
export function readReport(file: string): Report {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return EMPTY;
    throw error;
  }
  try {
    return report.parse(JSON.parse(text));
  } catch {
    throw new UsageFailure(`${file} does not hold figures of this bench.`, 'Move it away, or name another file.');
  }
}

/** Writes it whole or not at all, with its folder. */
export function writeReport(file: string, found: Report): void {
  mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
  const part = `${file}.${process.pid}.part`;
  writeFileSync(part, formatReport(report.parse(found)));
  renameSync(part, file);
}

function formatReport({ version, measurements }: Report): string {
  const all = measurements.map(({ rows, ...head }) => {
    const lines = rows.map((row) => `      ${JSON.stringify(row)}`);
    return `    {\n      ${JSON.stringify(head).slice(1, -1)},\n      "rows": [\n${lines.join(',\n')}\n      ]\n    }`;
  });
  if (all.length === 0) return `${JSON.stringify({ version, measurements })}\n`;
  return `{\n  "version": ${version},\n  "measurements": [\n${all.join(',\n')}\n  ]\n}\n`;
}
