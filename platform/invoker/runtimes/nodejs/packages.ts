/** Packages of OpenWhisk's Node.js runtime, installed by npm from a lock file of their own. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PINS = path.join(__dirname, 'packages');
const FILES = ['package.json', 'package-lock.json'];

/** A folder of its own for each lock file: it appears whole or not at all. */
function nameFolder(dir: string): string {
  const lock = readFileSync(path.join(PINS, 'package-lock.json'));
  return path.join(dir, 'nodejs', createHash('sha256').update(lock).digest('hex').slice(0, 16));
}

/** The folder of the packages below `dir`; undefined when they are not installed. */
export function findNodePackages(dir: string): string | undefined {
  const folder = path.join(nameFolder(dir), 'node_modules');
  return existsSync(folder) ? folder : undefined;
}

/** Installs them, unless they are there; runs no script of any package. @throws Error with npm's last lines */
export async function installNodePackages(dir: string, onProgress: (line: string) => void): Promise<string> {
  const present = findNodePackages(dir);
  if (present !== undefined) return present;
  onProgress("installing the packages of OpenWhisk's Node.js runtime (only once) ...");
  const folder = nameFolder(dir);
  await mkdir(path.dirname(folder), { recursive: true });
  const draft = await mkdtemp(`${folder}.`);
  try {
    for (const name of FILES) await copyFile(path.join(PINS, name), path.join(draft, name));
    await run('npm', ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: draft,
    });
    // Sandboxes of a platform of root run as other users, whatever the umask was here.
    await run('chmod', ['-R', 'a+rX', draft]);
    await rename(draft, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error; // else another process was first, with the same content
    });
  } catch (error) {
    throw new Error(`The packages of the Node.js runtime cannot be installed: ${cutLines(error)}`, { cause: error });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return path.join(folder, 'node_modules');
}

function cutLines(error: unknown): string {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  return said === '' ? String(error) : said.split('\n').slice(-5).join('\n');
}
