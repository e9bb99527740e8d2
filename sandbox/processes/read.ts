/** Reading of files that may go at any moment, and of those that are closed to us: all of /proc. */
import { readdirSync, readFileSync } from 'node:fs';

/** A file's text; empty when it cannot be read. */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Names in a folder; none when it cannot be read. */
export function listNames(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
