/** Ports that are taken: found before anything is started, with whose they are and which ones are free. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { hasCode } from '../../ground/errors';
import { DATA_DIR, readPlatformFile } from '../../infra/targets/local/platform-file';
import { commandOf } from '../../sandbox/processes/process-identity';
import { LAST_PORT } from './ports';

/** Where something is to listen. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** @throws Error unless OpenWhisk and the storage emulator can have their ports; it names both, and others that are free */
export async function requirePorts(openwhisk: Place, storage: Place): Promise<void> {
  const taken = [await isTaken(openwhisk), await isTaken(storage)];
  if (!taken.includes(true)) return;
  const whose = [
    taken[0] ? [`Port ${openwhisk.port} for OpenWhisk (--port) is in use by ${findOwner(openwhisk.port)}.`] : [],
    taken[1]
      ? [`Port ${storage.port} for the storage emulator (--storage-port) is in use by ${findOwner(storage.port)}.`]
      : [],
  ].flat();
  const port = taken[0] ? await findFree(openwhisk, storage.port) : openwhisk.port;
  const storagePort = taken[1] ? await findFree(storage, port) : storage.port;
  throw new Error(`${whose.join(' ')} Stop it, or choose another port: --port ${port} --storage-port ${storagePort}`);
}

/** Anything else that is in the way is said by whoever listens there. */
function isTaken({ host, port }: Place): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error) => resolve(hasCode(error, 'EADDRINUSE')));
    probe.listen(port, host, () => probe.close(() => resolve(false)));
  });
}

/** The next port that is free, and not `other`. */
async function findFree({ host, port }: Place, other: number): Promise<number> {
  for (let next = port < LAST_PORT ? port + 1 : 1024; next !== port; next = next < LAST_PORT ? next + 1 : 1024)
    if (next !== other && !(await isTaken({ host, port: next }))) return next;
  return port;
}

/** Who listens on a port, in words. Only Linux tells, and of other users' processes not even that. */
function findOwner(port: number): string {
  const pid = findListener(port);
  if (pid === undefined) return 'another program';
  const folder = dataFolderOf(pid);
  if (folder !== undefined) return `the local platform of ${folder} (process ${pid})`;
  return `${path.basename(commandOf(pid)[0] ?? 'a program')} (process ${pid})`;
}

/** proc(5): `/proc/net/tcp` has the inode of each listening socket (state 0A), `/proc/PID/fd` who holds it. */
function findListener(port: number): number | undefined {
  const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const sockets = ['tcp', 'tcp6'].flatMap((table) =>
    readOr('', () => readFileSync(`/proc/net/${table}`, 'utf8'))
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([, local, , state]) => local?.endsWith(end) && state === '0A')
      .map((fields) => `socket:[${fields[9]}]`),
  );
  const holds = (pid: string) =>
    readOr<string[]>([], () => readdirSync(`/proc/${pid}/fd`)).some((fd) =>
      sockets.includes(readOr('', () => readlinkSync(`/proc/${pid}/fd/${fd}`))),
    );
  const pid = readOr<string[]>([], () => readdirSync('/proc')).find((name) => /^\d+$/.test(name) && holds(name));
  return pid === undefined ? undefined : Number(pid);
}

/** The data folder of a platform, if the process is one: told by its command line, and held to be true by `platform.json`. */
function dataFolderOf(pid: number): string | undefined {
  const command = commandOf(pid);
  const at = command.indexOf('--data');
  const named = at < 0 ? command.find((word) => word.startsWith('--data='))?.slice(7) : command[at + 1];
  const cwd = readOr('/', () => readlinkSync(`/proc/${pid}/cwd`));
  const project = path.join(path.dirname(path.resolve(cwd, command[1] ?? '')), '..');
  const folders =
    named === undefined ? [path.join(cwd, DATA_DIR), path.join(project, DATA_DIR)] : [path.resolve(cwd, named)];
  return folders.find((folder) => readOr(undefined, () => readPlatformFile(folder))?.pid === pid);
}

/** What cannot be read tells nothing. */
function readOr<T>(otherwise: T, read: () => T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
