/** Temporary folders for the tests, and the files in them. Their paths have a blank, as a home's may. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { PROJECT_ROOT } from '../../infra/packaging';

/** Pins of delegator.py and what it needs: three small wheels. */
export const SMALL_PINS = path.join(PROJECT_ROOT, 'actions', 'requirements', 'conversion.txt');

/** A new folder, removed after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic packaging '));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes files by their relative path, and gives the folder back. */
export function writeFiles(folder: string, files: Readonly<Record<string, string | Buffer>>): string {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return folder;
}
