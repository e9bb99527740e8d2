/** The folder of the project, from wherever the command is called. */
import path from 'node:path';

export const PROJECT_DIR = path.resolve(__dirname, '..');

/** A file or folder of the project, as it is called from the current folder. */
export function projectPath(name: string): string {
  return path.relative('', path.join(PROJECT_DIR, name)) || '.';
}

/** A file as it is called from the current folder, if it is below it; else its whole path. */
export function shortPath(file: string): string {
  const relative = path.relative('', file);
  return relative.startsWith('..') ? path.resolve(file) : relative;
}
