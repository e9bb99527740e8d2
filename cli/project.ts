/** The folder of the project, from wherever the command is called. */
import path from 'node:path';

export const PROJECT_DIR = path.resolve(__dirname, '..');

/** A file or folder of the project, as it is called from the current folder. */
export function projectPath(name: string): string {
  return path.relative('', path.join(PROJECT_DIR, name)) || '.';
}
