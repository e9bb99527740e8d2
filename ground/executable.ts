/** Programs among files. */
import { accessSync, constants } from 'node:fs';

/** Whether this user may run a file, or enter a folder. */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
