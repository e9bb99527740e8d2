/** What the tests of the storage emulator share: one to try things on, and looking at processes. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Storage } from '@google-cloud/storage';
import { type Storage as Emulator, type StorageOptions, startStorage } from '../../platform/storage/start-storage';

/** A new folder under the system's folder for temporary files. */
export function temporaryFolder(): string {
  return mkdtempSync(path.join(tmpdir(), 'pdfmagic-storage-'));
}

/** The official client on an emulator. */
export function clientOf(endpoint: string): Storage {
  return new Storage({
    apiEndpoint: endpoint,
    projectId: 'test',
    retryOptions: { maxRetryDelay: 1, totalTimeout: 30 },
  });
}

/** Starts an emulator on any port, with as much patience as it has or is given; `close` stops it and removes its data. */
export async function openEmulator(patience?: StorageOptions['patience']) {
  const dataDir = temporaryFolder();
  const logs: string[] = [];
  const start = (port = 0) =>
    startStorage({ dataDir, port, log: (line) => logs.push(line), ...(patience && { patience }) });
  let emulator: Emulator = await start();
  return {
    dataDir,
    logs,
    get endpoint() {
      return emulator.endpoint;
    },
    get emulator() {
      return emulator;
    },
    client: () => clientOf(emulator.endpoint),
    async restart(): Promise<void> {
      await emulator.stop();
      emulator = await start(Number(new URL(emulator.endpoint).port));
    },
    async close(): Promise<void> {
      await emulator.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Sends a request as it is, and reads the beginning of its answer: head and body as far as they come in one piece. */
export function rawRequest(
  endpoint: string,
  method: string,
  target: string,
  headers: Readonly<Record<string, string>> = {},
  body = '',
): Promise<string> {
  const { hostname, host, port } = new URL(endpoint);
  const lines = Object.entries({ host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () =>
      socket.write(`${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n${body}`),
    );
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('closed without an answer')));
    socket.once('data', (chunk) => {
      resolve(chunk.toString('utf8'));
      socket.destroy();
    });
  });
}

/** Kills fake-gcs-server of a running emulator, and waits until there is another one. */
export async function killServer({ pid }: Pick<Emulator, 'pid'>): Promise<void> {
  const before = pid();
  if (before === undefined) throw new Error('there is no server to kill');
  process.kill(-before, 'SIGKILL');
  await until('it is back', () => pid() !== undefined && pid() !== before);
}

/** Waits until something holds, for at most 20 seconds. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await sleep(20);
  }
}

/** Ids of living processes whose command line has this text in it. */
export function processesWith(text: string): number[] {
  return commandLines().flatMap(([pid, line]) => (line.includes(text) ? [pid] : []));
}

/** From /proc where there is one (a bare Debian has no `ps`), else from `ps`. */
function commandLines(): [number, string][] {
  if (!existsSync('/proc/self/cmdline')) {
    const lines = execFileSync('ps', ['-ww', '-A', '-o', 'pid=,args='], { encoding: 'utf8' }).split('\n');
    return lines.map((line) => [Number.parseInt(line, 10), line]);
  }
  const pids = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
  return pids.map((pid) => [Number(pid), readOrEmpty(`/proc/${pid}/cmdline`)]);
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
