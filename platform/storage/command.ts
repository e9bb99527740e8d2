/**
 * How fake-gcs-server is started. It has no password and takes whatever comes to its port, so that port must be nobody's but
 * the front door's: in a bubblewrap container with a network of its own, a relay joins it with a Unix socket. Where that is
 * not to be had, it listens at an address of 127/8 and a port by chance.
 */
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import path from 'node:path';
import { freePort } from '../../ground/free-port';
import { canScope, enterSandbox } from '../../sandbox/enter';
import { findProgram } from '../../sandbox/host';
import { listSystemArguments } from '../../sandbox/walls';

/** The descriptor on which bubblewrap says, in JSON, which process is the first in its container: `child-pid`. */
export const INFO_FD = 3;
/** The Unix socket, in a folder that only the platform's user may enter. */
export const SOCKET = 'socket';

/** Where a server listens, as `http.request` takes it. */
export type Place = { readonly socketPath: string } | { readonly host: string; readonly port: number };

/** A program and its arguments, with its whole environment, and where it will listen. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly place: Place;
}

/** What a command has to do with. */
export interface ServerPaths {
  readonly binary: string;
  /** Holds `objects/`, one folder a bucket, and `tmp/`, where objects are written before they get their name. */
  readonly dataDir: string;
  /** Folder for the socket. */
  readonly runDir: string;
  /** The same folder by a path that is short enough for the name of a socket (unix(7): 107 bytes). */
  readonly shortRunDir: string;
}

/** Finds the best way here. @returns a function that gives the command for one start */
export function chooseCommand(paths: ServerPaths, externalUrl: string): () => Promise<Command> {
  const way = listWays(paths).find(({ before }) => isWorking([...before, '-help'])) ?? runPlainly(paths, []);
  const env = { TMPDIR: path.join(way.dataDir, 'tmp') };
  return async () => {
    const listening = await way.listen();
    const server = listServerArguments(way.dataDir, externalUrl, listening.host, listening.port);
    const [file = '', ...args] = enterSandbox(INFO_FD, canScope(), [...way.before, ...server]);
    return { file, args, env, place: way.place ?? listening };
  };
}

interface Way {
  /** The command up to and with the binary. */
  readonly before: readonly string[];
  /** The data folder as the server sees it. */
  readonly dataDir: string;
  /** Where the server itself is to listen. */
  readonly listen: () => Promise<{ readonly host: string; readonly port: number }>;
  /** Where it is reached, if somewhere else. */
  readonly place?: Place;
}

function listWays(paths: ServerPaths): Way[] {
  if (process.platform !== 'linux') return [];
  return [...containServer(paths), runPlainly(paths, ['setpriv', '--pdeathsig', 'KILL', '--'])];
}

/** In containers: with a network of its own, or, where none can be made, with that of the machine. */
function containServer({ binary, dataDir, runDir, shortRunDir }: ServerPaths): Way[] {
  const perl = findProgram('perl');
  const [server, relay] = ['/runtime/fake-gcs-server', '/runtime/relay.pl'];
  const mounts = ['--ro-bind', binary, server, '--bind', dataDir, '/data'];
  const system = [...listSystemArguments(false), '--cap-drop', 'ALL'];
  const container = ['bwrap', ...system, '--info-fd', String(INFO_FD), ...mounts];
  const shared = { before: [...container, '--', server], dataDir: '/data', listen: listenByChance };
  if (!perl?.startsWith('/usr/')) return [shared];
  const own = ['--unshare-net', '--ro-bind', path.join(__dirname, 'relay.pl'), relay, '--bind', runDir, '/relay'];
  // Nobody else is in that network, so any port is free.
  const listening = { host: '127.0.0.1', port: 4443 };
  const relayed = [perl, relay, `/relay/${SOCKET}`, String(listening.port), server];
  return [
    {
      before: [...container, ...own, '--', ...relayed],
      dataDir: '/data',
      listen: async () => listening,
      place: { socketPath: path.join(shortRunDir, SOCKET) },
    },
    shared,
  ];
}

function runPlainly({ binary, dataDir }: ServerPaths, before: readonly string[]): Way {
  return { before: [...before, binary], dataDir, listen: listenByChance };
}

/** One of 2^24 addresses, where loopback has more than one (Linux): a web page cannot try them all. */
async function listenByChance(): Promise<{ readonly host: string; readonly port: number }> {
  const part = () => randomInt(1, 255);
  const host = process.platform === 'linux' ? `127.${part()}.${part()}.${part()}` : '127.0.0.1';
  return { host, port: await freePort() };
}

/** Its help ends with status 0 or 2 and names its options; a container that cannot be made says something else. */
function isWorking([file = '', ...args]: readonly string[]): boolean {
  const { stderr, stdout } = spawnSync(file, args, {
    encoding: 'utf8',
    timeout: 10_000,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  return `${stdout}${stderr}`.includes('-filesystem-root');
}

function listServerArguments(dataDir: string, externalUrl: string, host: string, port: number): string[] {
  return [
    ...['-scheme', 'http', '-host', host, '-port', String(port)],
    ...['-backend', 'filesystem', '-filesystem-root', path.join(dataDir, 'objects')],
    // Links in answers name the front door; without -public-host no path would be read as BUCKET/OBJECT.
    ...['-external-url', externalUrl, '-public-host', new URL(externalUrl).host],
    ...['-log-level', 'error'],
  ];
}
