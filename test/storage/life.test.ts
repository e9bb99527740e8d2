import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { startStorage } from '../../platform/storage/start-storage';
import { commandOf } from '../../sandbox/processes/process-identity';
import { listDescendants } from '../../sandbox/processes/tree';
import { REGISTER } from '../compiled';
import { clientOf, temporaryFolder as makeFolder, openEmulator, processesWith, until } from './emulator';

const SERVE = path.join(__dirname, 'fixtures', 'serve.ts');
const children: ChildProcess[] = [];
const folders: string[] = [];

function temporaryFolder(): string {
  const folder = makeFolder();
  folders.push(folder);
  return folder;
}

/** A platform in a process of its own; without `bwrap` and `setpriv` on its PATH if asked. */
async function platform(dataDir: string, tools: 'all' | 'none' = 'all') {
  const env = tools === 'all' ? process.env : { ...process.env, PATH: '/nowhere' };
  const child = spawn(process.execPath, ['--require', REGISTER, SERVE, dataDir], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const said: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString('utf8')));
  const late = setTimeout(() => child.kill('SIGKILL'), 60_000);
  for await (const line of createInterface({ input: child.stdout })) {
    clearTimeout(late);
    return { child, said, ...(JSON.parse(line) as { endpoint: string; pid: number }) };
  }
  throw new Error(`the platform did not start: ${said.join('')}`);
}

/** What a platform answers, within a minute. @throws Error with what it has said and which processes it has, when it does not */
function answered<T>({ child, said }: Awaited<ReturnType<typeof platform>>, answer: Promise<T>): Promise<T> {
  const silence = sleep(60_000, undefined, { ref: false }).then(() => {
    const tree = listDescendants(child.pid ?? 0).map((pid) => `${pid} ${commandOf(pid).join(' ')}`);
    throw new Error(`no answer in a minute: ${said.join('')}\n${tree.join('\n')}`);
  });
  return Promise.race([answer, silence]);
}

function killed(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe('the life of the storage emulator', () => {
  it.runIf(process.platform === 'linux')(
    'goes on after it died while its platform could open no more files; the platform lives meanwhile',
    async () => {
      const started = await platform(temporaryFolder());
      const { child, endpoint, pid } = started;
      await answered(started, clientOf(endpoint).createBucket('kept'));
      const limit = (files: number) => execFileSync('prlimit', ['--pid', `${child.pid}`, `--nofile=${files}:`]);
      limit(readdirSync(`/proc/${child.pid}/fd`).length - 4);
      process.kill(-pid, 'SIGKILL');
      await sleep(1500);
      expect(child.exitCode).toBeNull();
      limit(1024);
      const isThere = async () => (await answered(started, clientOf(endpoint).bucket('kept').exists()))[0];
      await until('it is there again', isThere);
      expect(child.exitCode).toBeNull();
    },
  );

  it('is started again when it dies, with its objects, while clients wait', async () => {
    const lab = await openEmulator();
    try {
      const [bucket] = await lab.client().createBucket('survivor');
      await bucket.file('kept').save('still here', { resumable: false });
      const before = lab.emulator.pid() ?? 0;
      process.kill(-before, 'SIGKILL');
      expect((await bucket.file('kept').download())[0].toString()).toBe('still here');
      await until('it has another process', () => lab.emulator.pid() !== before);
      expect(lab.logs.filter((line) => line.includes('restarting it'))).toHaveLength(1);
    } finally {
      await lab.close();
    }
  }, 60_000);

  it('leaves no process behind when it is stopped, and its port can be had again', async () => {
    const lab = await openEmulator();
    const url = lab.endpoint;
    expect(processesWith(url)).not.toEqual([]);
    await lab.close();
    expect(processesWith(url)).toEqual([]);
    const next = await openEmulator();
    await next.close();
  }, 60_000);

  it('does not outlive a platform that is killed', async () => {
    const { child, endpoint } = await platform(temporaryFolder());
    await killed(child);
    await until('it is gone', () => processesWith(endpoint).length === 0);
  }, 60_000);

  it('is ended by the next platform where nothing else could end it', async () => {
    const dataDir = temporaryFolder();
    const { child, endpoint, pid } = await platform(dataDir, 'none');
    await clientOf(endpoint).createBucket('orphaned');
    await killed(child);
    expect(processesWith(endpoint)).toEqual([pid]);
    const next = await startStorage({ dataDir, port: 0 });
    try {
      expect(processesWith(endpoint)).toEqual([]);
      expect((await clientOf(next.endpoint).getBuckets())[0].map((bucket) => bucket.name)).toEqual(['orphaned']);
    } finally {
      await next.stop();
    }
  }, 60_000);

  it('says which port is taken, and starts nothing', async () => {
    const lab = await openEmulator();
    const port = Number(new URL(lab.endpoint).port);
    const dataDir = temporaryFolder();
    await expect(startStorage({ dataDir, port })).rejects.toThrow(
      `Port ${port} of 127.0.0.1, which the storage emulator needs, is taken`,
    );
    expect(processesWith(dataDir)).toEqual([]);
    await lab.close();
  }, 60_000);
});
