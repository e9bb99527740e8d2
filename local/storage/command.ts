/**
 * How fake-gcs-server is started: in a bubblewrap container that has nothing in it but the binary and the data folder; where
 * there are no containers, under `setpriv`, so that it dies with its parent; elsewhere as it is.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';

/** The descriptor on which bubblewrap says, in JSON, which process is the first in its container: `child-pid`. */
export const INFO_FD = 3;

/** A program and its arguments, with its whole environment. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What a command has to do with. */
export interface ServerPaths {
  readonly binary: string;
  /** Holds `objects/`, one folder a bucket, and `tmp/`, where objects are written before they get their name. */
  readonly dataDir: string;
}

/** Finds the best way here. @returns a function that gives the command for a port on loopback */
export function chooseCommand(paths: ServerPaths, externalUrl: string): (port: number) => Command {
  const way = ways(paths).find(({ file, args }) => works(file, [...args, '-help']));
  const { file, args, dataDir } = way ?? { file: paths.binary, args: [], dataDir: paths.dataDir };
  const env = { TMPDIR: path.join(dataDir, 'tmp') };
  return (port) => ({ file, args: [...args, ...serverArguments(dataDir, externalUrl, port)], env });
}

interface Way {
  readonly file: string;
  /** Up to and with the binary. */
  readonly args: readonly string[];
  /** The data folder as the server sees it. */
  readonly dataDir: string;
}

function ways({ binary, dataDir }: ServerPaths): Way[] {
  if (process.platform !== 'linux') return [];
  const container = [
    '--unshare-pid',
    '--unshare-ipc',
    '--unshare-uts',
    '--die-with-parent',
    '--info-fd',
    String(INFO_FD),
    '--new-session',
    '--dev',
    '/dev',
  ];
  const mounts = ['--ro-bind', binary, '/fake-gcs-server', '--bind', dataDir, '/data'];
  return [
    { file: 'bwrap', args: [...container, ...mounts, '/fake-gcs-server'], dataDir: '/data' },
    { file: 'setpriv', args: ['--pdeathsig', 'KILL', '--', binary], dataDir },
  ];
}

/** Its help ends with status 0 or 2 and names its options; a container that cannot be made says something else. */
function works(file: string, args: readonly string[]): boolean {
  const { stderr, stdout } = spawnSync(file, args, {
    encoding: 'utf8',
    timeout: 10_000,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  return `${stdout}${stderr}`.includes('-filesystem-root');
}

function serverArguments(dataDir: string, externalUrl: string, port: number): string[] {
  return [
    ...['-scheme', 'http', '-host', '127.0.0.1', '-port', String(port)],
    ...['-backend', 'filesystem', '-filesystem-root', path.join(dataDir, 'objects')],
    // Links in answers name the front door; without -public-host no path would be read as BUCKET/OBJECT.
    ...['-external-url', externalUrl, '-public-host', new URL(externalUrl).host],
    ...['-log-level', 'error'],
  ];
}
