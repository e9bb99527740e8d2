/** What was measured, as JSON in a file. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Terminal } from '../terminal';

/** Writes them, with the folder if it is missing, and says where. */
export function writeFigures(file: string, figures: object, terminal: Terminal): void {
  mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
  writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`);
  terminal.out(`\nwritten to ${file}`);
}
