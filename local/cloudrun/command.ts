/** How an instance is started: the container's entry by a virtual environment, in bubblewrap where that works. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { BUILD_DIR, ensureVirtualenv, PROJECT_ROOT, type Virtualenv } from '../../infra/packaging';

/** The descriptor on which bubblewrap names the first process of its container. */
export const INFO_FD = 3;

/** A program with its arguments and its whole environment, without the variables of a service. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Whether the service is a child that `INFO_FD` tells of, and not the program itself. */
  readonly isContained: boolean;
}

const CODE = ['actions', 'cloudrun'].map((name) => path.join(PROJECT_ROOT, name));
const POLICY = path.join(PROJECT_ROOT, 'runtime', 'policy.xml');
const REQUIREMENTS = path.join(PROJECT_ROOT, 'actions', 'requirements', 'cloudrun.txt');
const CONFIG = path.join(PROJECT_ROOT, 'cloudrun', 'gunicorn.conf.py');

/**
 * Installs what the service needs unless it is there, and finds the best way here to run it.
 * @param dataDir of the platform: no service sees it
 * @throws PackagingError when it cannot be installed
 */
export async function prepareCommand(dataDir: string, log: (line: string) => void): Promise<Command> {
  const dir = path.join(BUILD_DIR, 'tools', 'cloudrun');
  const environment = await ensureVirtualenv({ dir, requirements: REQUIREMENTS, onProgress: log });
  const config = path.join(dataDir, 'cloudrun', 'config');
  mkdirSync(path.join(config, 'ImageMagick'), { recursive: true });
  copyFileSync(POLICY, path.join(config, 'ImageMagick', 'policy.xml'));
  const gunicorn = [environment.python, '-B', environment.program('gunicorn'), '--config', CONFIG];
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8', PYTHONUNBUFFERED: '1' };
  for (const [file, ...args] of ways(environment, dataDir)) {
    const container = [...args, '--'];
    if (!works(file, [...container, environment.python, '-c', 'print("works")'])) continue;
    const isContained = file === 'bwrap';
    const own = isContained ? { HOME: '/tmp' } : { XDG_CONFIG_HOME: config };
    return { file, args: [...container, ...gunicorn], env: { ...env, ...own }, isContained };
  }
  log('cloudrun: neither bubblewrap nor setpriv works here; services run as plain processes');
  const [file = '', ...args] = gunicorn;
  return { file, args, env: { ...env, XDG_CONFIG_HOME: config }, isContained: false };
}

function ways(environment: Virtualenv, dataDir: string): (readonly [string, ...string[]])[] {
  if (process.platform !== 'linux') return [];
  return [
    ['bwrap', '--info-fd', String(INFO_FD), ...mounts(environment, dataDir)],
    ['setpriv', '--pdeathsig', 'KILL'],
  ];
}

/** The system, but no home, no data of the platform, and of the project only what the image would hold. */
function mounts(environment: Virtualenv, dataDir: string): string[] {
  const hidden = [homedir(), dataDir].filter((folder) => folder !== '/');
  const shown = [basePrefix(environment), environment.path, ...CODE].filter((folder) => existsSync(folder));
  const policies = ['/etc/ImageMagick-6', '/etc/ImageMagick-7']
    .map((folder) => path.join(folder, 'policy.xml'))
    .filter((file) => existsSync(file));
  return [
    ...['--ro-bind', '/', '/', '--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp'],
    ...hidden.flatMap((folder) => ['--tmpfs', folder]),
    ...shown.flatMap((folder) => ['--ro-bind', folder, folder]),
    ...policies.flatMap((file) => ['--ro-bind', POLICY, file]),
    // As in a container the service is process 1, and gets the SIGTERM itself.
    ...['--unshare-pid', '--unshare-ipc', '--unshare-uts', '--as-pid-1', '--die-with-parent', '--new-session'],
  ];
}

/** Where the interpreter of a virtual environment really is. */
function basePrefix({ python }: Virtualenv): string {
  const { stdout } = spawnSync(python, ['-c', 'import sys; print(sys.base_prefix)'], { encoding: 'utf8' });
  return stdout.trim();
}

function works(file: string, args: readonly string[]): boolean {
  const stdio = ['ignore', 'pipe', 'pipe', 'pipe'] as const;
  return spawnSync(file, args, { encoding: 'utf8', timeout: 20_000, stdio: [...stdio] }).stdout?.trim() === 'works';
}
