/** Packages of OpenWhisk's Python runtime, in a virtual environment of their own, of which only `site-packages` is used. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { ensureVirtualenv, findVirtualenv, type Virtualenv } from '../../../../infra/packaging';

const REQUIREMENTS = path.join(__dirname, 'packages', 'requirements.txt');

const makeArgs = (dir: string, python: string) => ({
  dir: path.join(dir, 'python'),
  title: "the packages of OpenWhisk's Python runtime",
  requirements: REQUIREMENTS,
  python,
});

function findSitePackages({ path: root }: Virtualenv): string {
  const lib = path.join(root, 'lib');
  const version = readdirSync(lib).find((name) => name.startsWith('python'));
  return path.join(lib, version ?? 'python3', 'site-packages');
}

/** The folder of the packages for this interpreter below `dir`; undefined when they are not installed. */
export async function findPythonPackages(dir: string, python: string): Promise<string | undefined> {
  const args = makeArgs(dir, python);
  const environment = existsSync(args.dir) ? await findVirtualenv(args) : undefined;
  return environment && findSitePackages(environment);
}

/** Installs them, unless they are there. @throws PackagingError */
export async function installPythonPackages(
  dir: string,
  python: string,
  onProgress: (line: string) => void,
): Promise<string> {
  const environment = await ensureVirtualenv({ ...makeArgs(dir, python), onProgress });
  // Sandboxes of a platform of root run as other users, whatever the umask was here.
  await promisify(execFile)('chmod', ['-R', 'a+rX', environment.path]);
  return findSitePackages(environment);
}
