import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readProcess } from '../../sandbox/processes/stat';
import { REGISTER } from '../compiled';
import { Bench, inKind, type Kind } from './harness';

/** Runs a platform of its own in another process, until it says that its action runs. */
async function startElsewhere(dataDir: string, kind: Kind, seconds: number) {
  const args = ['--require', REGISTER, path.join(__dirname, 'platform-process.ts'), dataDir, kind, String(seconds)];
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  await expect.poll(() => sleeping(seconds).length, { timeout: 60_000 }).toBe(3);
  return child;
}

function sleeping(seconds: number): string[] {
  return running(`/bin/sleep\0${seconds}\0`);
}

/** Processes whose command line holds that part; of bubblewrap's child too, which is a copy of it. */
function running(part: string): string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'latin1').includes(part);
    } catch {
      return false;
    }
  });
}

/** Where the sandboxes of these tests, and no others, have their folders. */
const temporary = mkdtempSync(path.join(tmpdir(), 'pdfmagic-orphans-test-'));
chmodSync(temporary, 0o711);

beforeAll(() => {
  process.env.TMPDIR = temporary;
});

afterAll(() => rmSync(temporary, { recursive: true }));

/** Starts a platform that finds this record, and ends it. */
async function startWith(record: { readonly pid: number | undefined; readonly [key: string]: unknown }): Promise<void> {
  const bench = new Bench({ sandbox: 'process' });
  const folder = path.join(bench.dataDir, 'processes');
  mkdirSync(folder, { recursive: true });
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  writeFileSync(path.join(folder, String(record.pid)), JSON.stringify({ boot, ...record }));
  await bench.start();
  expect(readdirSync(folder)).not.toContain(String(record.pid));
  await bench.stop();
}

describe.skipIf(process.platform !== 'linux')('after a kill -9 of the platform', () => {
  for (const kind of ['bubblewrap', 'process'] as const) {
    inKind(kind, (survivor) => {
      it('no process and no folder of its sandboxes survives the next start', async () => {
        await survivor.stop();
        const bench = new Bench({ sandbox: kind });
        const seconds = 2_000_000 + process.pid * 2 + (kind === 'process' ? 1 : 0);
        const platform = await startElsewhere(bench.dataDir, kind, seconds);
        platform.kill('SIGKILL');
        await new Promise((resolve) => platform.once('exit', resolve));
        await bench.start();
        expect(sleeping(seconds)).toEqual([]);
        expect((await bench.python('def main(a):\n    return {"ok": 1}\n')).result).toEqual({ ok: 1 });
        await bench.stop();
        expect(readdirSync(temporary).filter((name) => name.startsWith('pdfmagic-sandbox-'))).toEqual([]);
      });
    });
  }

  inKind('bubblewrap', () => {
    it('a sandbox that was being set up, and is in no record, does not survive either', async () => {
      const bench = new Bench({ sandbox: 'process' });
      const launcher = path.join(bench.dataDir, 'runtime', 'launcher.py');
      mkdirSync(path.dirname(launcher));
      writeFileSync(launcher, '');
      // --block-fd: bubblewrap's child waits, as it does for ever when bubblewrap itself is killed at that moment.
      const args = ['--ro-bind', '/', '/', '--ro-bind', launcher, launcher, '--unshare-pid', '--block-fd', '3', 'true'];
      const child = spawn('bwrap', args, { detached: true, stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
      const binding = () => running(`\0--ro-bind\0${launcher}\0`);
      await expect.poll(() => binding().length).toBeGreaterThan(1);
      child.kill('SIGKILL');
      await expect.poll(() => readProcess(child.pid ?? 0)).toBeUndefined();
      expect(binding().length).toBeGreaterThan(0);
      await bench.start();
      expect(binding()).toEqual([]);
      await bench.stop();
    });
  });

  inKind('process', () => {
    it('a process in the session of a number that was once a sandbox’s is left alone', async () => {
      // The leader ends, and its number stays that of the session.
      const leader = spawn('/bin/sh', ['-c', '/bin/sleep 600 & echo $!'], { detached: true });
      const [pid] = await Promise.all([
        new Promise<number>((resolve) => leader.stdout.once('data', (data) => resolve(Number(data)))),
        new Promise((resolve) => leader.once('exit', resolve)),
      ]);
      expect(readProcess(pid)).toMatchObject({ session: leader.pid });
      await startWith({ pid: leader.pid, started: '1' });
      expect(readProcess(pid)?.zombie).toBe(false);
      process.kill(pid, 'SIGKILL');
    });

    it('a process of another platform’s sandbox with the same user is left alone', async (context) => {
      if (process.getuid?.() !== 0) context.skip('only a platform of root has users for its sandboxes');
      const user = '62017';
      const other = spawn('setpriv', [`--reuid=${user}`, `--regid=${user}`, '--clear-groups', '/bin/sleep', '600']);
      await expect.poll(() => readFileSync(`/proc/${other.pid}/cmdline`, 'latin1')).toMatch(/^\/bin\/sleep/);
      const record = { pid: 2_000_000_000, started: '1', folder: '/tmp/pdfmagic-sandbox-gone', user: Number(user) };
      await startWith({ ...record, platform: { pid: 2_000_000_000, started: 'then' } });
      expect(readProcess(other.pid ?? 0)?.zombie).toBe(false);
      const ended = new Promise((resolve) => other.once('exit', resolve));
      other.kill('SIGKILL');
      await ended;
    });

    it('a process that merely has the pid of an old sandbox is left alone', async () => {
      const bench = new Bench({ sandbox: 'process' });
      const innocent = spawn('/bin/sleep', ['600'], { detached: true });
      const pid = innocent.pid ?? 0;
      const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
      const folder = path.join(bench.dataDir, 'processes');
      mkdirSync(folder, { recursive: true });
      const record = { pid, started: '1', boot };
      writeFileSync(path.join(folder, String(pid)), JSON.stringify(record));
      writeFileSync(path.join(folder, '77'), '{"pid": 7');
      await bench.start();
      expect(readProcess(pid)?.zombie).toBe(false);
      expect(existsSync(path.join(folder, '77'))).toBe(false);
      await bench.stop();
      const ended = new Promise((resolve) => innocent.once('exit', resolve));
      innocent.kill('SIGKILL');
      await ended;
    });
  });
});
