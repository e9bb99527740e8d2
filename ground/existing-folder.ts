/** The nearest folder of a path that exists: it knows the disk, and what may be made there. */
import { existsSync } from 'node:fs';
import path from 'node:path';

/** The folder itself, or the nearest above it that exists. */
export function findExistingFolder(folder: string): string {
  return existsSync(folder) || path.dirname(folder) === folder ? folder : findExistingFolder(path.dirname(folder));
}
