/** fake-gcs-server takes whatever comes to its port: nobody but the front door can come there, and its word is not believed. */
import { type ChildProcess, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { open, type RootDatabase } from 'lmdb';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readMemory } from '../../cli/bench/processes';
import { type Storage, startStorage } from '../../platform/storage/start-storage';
import { startOf } from '../../sandbox/processes/process-identity';
import { listDescendants } from '../../sandbox/processes/tree';
import { temporaryFolder } from './emulator';

const isLinux = process.platform === 'linux';

/** `ADDRESS:PORT`, in the kernel's hexadecimal, of all that listens on this machine's network (proc_net_tcp(5)). */
function listeners(): string[] {
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .flatMap(([, local = '', , state]) => (state === '0A' ? [local] : [])),
  );
}

/** What the relay's socket answers to a request. */
function askInside(socketPath: string, method: string, target: string, body = ''): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'text/plain', 'content-length': Buffer.byteLength(body) };
    const request = http.request({ socketPath, method, path: target, headers }, (answer) => {
      answer.resume().once('close', () => resolve(answer.statusCode ?? 0));
    });
    request.once('error', reject);
    request.end(body);
  });
}

describe.runIf(isLinux)('fake-gcs-server', () => {
  const dataDir = temporaryFolder();
  let store: RootDatabase;
  let storage: Storage;
  let before: readonly string[];

  beforeAll(async () => {
    // As the platform has it: a plain child would inherit it.
    store = open({ path: path.join(dataDir, 'store') });
    before = listeners();
    storage = await startStorage({ dataDir: path.join(dataDir, 'storage'), port: 0 });
  }, 120_000);
  afterAll(async () => {
    await storage?.stop();
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const run = (): string => path.join(dataDir, 'storage.run');

  test('listens at no port of this machine: the front door’s is the only new one', () => {
    const port = Number(new URL(storage.endpoint).port).toString(16).toUpperCase().padStart(4, '0');
    // Other tests open ports at the same time, so only those of its own processes count.
    const own = new Set(listDescendants(storage.pid() ?? 0).flatMap(socketsOf));
    const inodes = readFileSync('/proc/net/tcp', 'utf8')
      .split('\n')
      .flatMap((line) => line.trim().split(/\s+/)[9] ?? []);
    expect(inodes.filter((inode) => own.has(inode))).toEqual([]);
    expect(listeners().filter((one) => !before.includes(one))).toContain(`0100007F:${port}`);
  });

  test('takes little memory for what is around it: container and relay', () => {
    const around = readMemory(storage.pid() ?? 0).filter(({ name }) => name !== 'fake-gcs-server');
    expect(around.length).toBeGreaterThan(0);
    // 11 MB; a relay in Python takes 20 alone.
    expect(around.reduce((sum, { resident }) => sum + resident, 0)).toBeLessThan(16);
  });

  test('is reached by a Unix socket, which only the platform’s user may open, in a folder only that user may enter', () => {
    expect(statSync(run()).mode & 0o777).toBe(0o700);
    expect(statSync(path.join(run(), 'socket')).mode & 0o177).toBe(0);
  });

  test('writes nowhere but in its own folder, whatever is asked of it at its very socket', async () => {
    const socket = path.join(run(), 'socket');
    expect(await askInside(socket, 'POST', '/storage/v1/b', '{"name":"inner"}')).toBe(200);
    const names = [
      '../../../escaped',
      '../../../../../../../../../../tmp/escaped',
      '/tmp/escaped',
      '..%2f..%2f..%2fescaped',
    ];
    for (const name of names) {
      for (const target of [
        `/upload/storage/v1/b/inner/o?uploadType=media&name=${encodeURIComponent(name)}`,
        `/upload/storage/v1/b/..%2f..%2finner/o?uploadType=media&name=escaped`,
      ]) {
        await askInside(socket, 'POST', target, 'mine').catch(() => 0);
      }
    }
    const outside = [path.dirname(dataDir), dataDir, run(), '/'].map((folder) => path.join(folder, 'escaped'));
    expect(outside.filter((file) => existsSync(file))).toEqual([]);
    expect(readdirSync(run()).sort()).toEqual(['fake-gcs-server.json', 'socket']);
  });

  test('has none of the platform’s open files', () => {
    const all = listDescendants(storage.pid() ?? 0);
    expect(all.length).toBeGreaterThan(1);
    expect(all.flatMap(filesOf).filter((file) => file.startsWith(path.join(dataDir, 'store')))).toEqual([]);
  });
});

function filesOf(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
}

function socketsOf(pid: number): string[] {
  return filesOf(pid).flatMap((file) => /^socket:\[(\d+)\]$/.exec(file)?.[1] ?? []);
}

describe.runIf(isLinux)('the record of a server that an earlier platform left', () => {
  const others: ChildProcess[] = [];
  afterEach(() => {
    for (const other of others.splice(0)) other.kill('SIGKILL');
  });

  /** A process group that has nothing to do with the storage. */
  async function bystander(): Promise<ChildProcess> {
    const child = spawn('/bin/sleep', ['60'], { detached: true, stdio: 'ignore' });
    others.push(child);
    await new Promise((resolve) => child.once('spawn', resolve));
    return child;
  }

  /** Starts and stops on a folder where `file` names the bystander, and tells whether that survived. */
  async function survives(file: (dataDir: string) => string): Promise<boolean> {
    const { pid = 0, exitCode } = await bystander();
    const dataDir = temporaryFolder();
    const record = file(dataDir);
    mkdirSync(path.dirname(record), { recursive: true });
    writeFileSync(record, JSON.stringify({ pid, started: startOf(pid) }));
    await (await startStorage({ dataDir, port: 0 })).stop();
    rmSync(dataDir, { recursive: true, force: true });
    return exitCode === null && startOf(pid) !== undefined;
  }

  test('is not looked for where the server itself writes', async () => {
    expect(await survives((dataDir) => path.join(dataDir, 'fake-gcs-server.json'))).toBe(true);
  }, 60_000);

  test('is not believed of a process that is another’s', async () => {
    expect(await survives((dataDir) => path.join(`${dataDir}.run`, 'fake-gcs-server.json'))).toBe(true);
  }, 60_000);
});

describe.runIf(isLinux)('without bubblewrap', () => {
  test('its address and port are by chance, so that no web page finds them', async () => {
    const { PATH } = process.env;
    process.env.PATH = '/nowhere';
    const dataDir = temporaryFolder();
    try {
      const storage = await startStorage({ dataDir, port: 0 });
      const pids = [storage.pid() ?? 0];
      const own = new Set(pids.flatMap(socketsOf));
      const lines = readFileSync('/proc/net/tcp', 'utf8')
        .split('\n')
        .map((line) => line.trim().split(/\s+/));
      const at = lines.flatMap(([, local = '', , state, , , , , , inode = '']) =>
        state === '0A' && own.has(inode) ? [local] : [],
      );
      expect(at).toHaveLength(1);
      // The kernel writes the address as one number of this machine's byte order.
      expect(at[0]).toMatch(/^[0-9A-F]{6}7F:/);
      expect(at[0]).not.toMatch(/^0100007F:/);
      await storage.stop();
    } finally {
      process.env.PATH = PATH;
      rmSync(dataDir, { recursive: true, force: true });
    }
  }, 60_000);
});
