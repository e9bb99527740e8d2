/**
 * The packages that OpenWhisk's own runtimes bring along: for actions that lean on them, and for compositions of Apache
 * Composer, whose conductor requires `openwhisk`. Most actions here need none of them, so they are installed on demand, by
 * `npm run runtime-packages`, from pins with hashes; sandboxes see them read-only, behind all that an action brings itself.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { BUILD_DIR } from '../../../infra/packaging';
import { findNodePackages, installNodePackages } from './nodejs/packages';
import { findPythonPackages, installPythonPackages } from './python/packages';

/** Where they are installed unless told. */
export const PACKAGES_DIR = path.join(BUILD_DIR, 'runtime-packages');

/** A runtime that packages are for. */
interface Interpreter {
  readonly family: string;
  readonly executable: string;
}

/** The folder of a runtime's packages below `dir`, to be searched after all others; undefined when they are not installed. */
export async function findPackages({ family, executable }: Interpreter, dir: string): Promise<string | undefined> {
  if (!existsSync(dir)) return undefined;
  return family === 'python' ? findPythonPackages(dir, executable) : findNodePackages(dir);
}

/**
 * Installs a runtime's packages below `dir`, unless they are there.
 * @returns their folder
 * @throws Error that names the cause: no network, no room, no wheel for this machine
 */
export async function installPackages(
  { family, executable }: Interpreter,
  dir: string,
  onProgress: (line: string) => void,
): Promise<string> {
  return family === 'python'
    ? installPythonPackages(dir, executable, onProgress)
    : installNodePackages(dir, onProgress);
}
