/** Where programs lie on this machine. */
import { homedir } from 'node:os';
import path from 'node:path';
import { isExecutable } from '../ground/executable';

/** All executables of that name on PATH, in order. */
export function findOnPath(name: string): string[] {
  const found: string[] = [];
  for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
    const file = path.join(folder, name);
    if (path.isAbsolute(file) && isExecutable(file)) found.push(file);
  }
  return found;
}

/** The system's own program of that name, else the first on PATH; undefined when there is none. */
export function findProgram(name: string): string | undefined {
  const own = ['/usr/bin', '/bin', '/usr/sbin', '/sbin'].map((folder) => path.join(folder, name));
  return own.find(isExecutable) ?? findOnPath(name)[0];
}

/** True for a path below a home: `/root`, `/home/*`, `/Users/*` or the present user's. */
export function isBelowSomeHome(file: string): boolean {
  return ['/root', '/home', '/Users', homedir()].some((home) => home !== '/' && `${file}/`.startsWith(`${home}/`));
}
