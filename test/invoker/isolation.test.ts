import { existsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { TEMPORARY_SPACE } from '../../sandbox/bounds';
import { type Bench, inBothKinds, inKind } from './harness';

/** Runs a Python expression in a sandbox; what it raises becomes its text. */
async function evaluate(bench: Bench, expression: string, name?: string): Promise<unknown> {
  const code = `import glob, os, pathlib, socket, subprocess
def main(args):
    try:
        return {"value": ${expression}}
    except Exception as error:
        return {"value": type(error).__name__}
`;
  const { result } = await bench.python(code, name ? { name } : {});
  return JSON.parse(JSON.stringify(result)).value;
}

describe('a sandbox', () => {
  inKind('bubblewrap', (bench) => {
    it('sees of the system what an interpreter needs, and nothing else', async () => {
      const seen = await evaluate(bench, 'sorted(os.listdir("/"))');
      const allowed = [
        'action',
        'bin',
        'dev',
        'etc',
        'lib',
        'lib32',
        'lib64',
        'libx32',
        'proc',
        'runtime',
        'sbin',
        'tmp',
        'usr',
      ];
      expect(allowed).toEqual(expect.arrayContaining(seen as string[]));
      for (const file of [
        '/root',
        '/home',
        '/work',
        '/var',
        '/run',
        '/etc/passwd',
        '/etc/shadow',
        '/etc/ssl/private',
      ]) {
        expect(await evaluate(bench, `os.path.exists("${file}")`)).toBe(false);
      }
    });

    it('sees neither the platform’s folder nor the host’s /tmp', async () => {
      const file = path.join(tmpdir(), `pdfmagic-seen-${process.pid}`);
      writeFileSync(path.join(bench.dataDir, 'secret'), 'secret');
      expect(await evaluate(bench, `os.path.exists("${bench.dataDir}")`)).toBe(false);
      expect(await evaluate(bench, `os.path.exists("${file}")`)).toBe(false);
      expect(await evaluate(bench, 'os.listdir("/tmp")')).toEqual([]);
    });

    it('can change nothing but its own /tmp', async () => {
      for (const folder of ['/', '/usr', '/etc', '/action', '/runtime', '/dev', '/proc']) {
        const outcome = await evaluate(bench, `pathlib.Path("${folder}", "written").write_text("x")`);
        expect(outcome, folder).toMatch(/Error$/);
      }
      expect(await evaluate(bench, 'pathlib.Path("/tmp/written").write_text("x")')).toBe(1);
      expect(await evaluate(bench, 'os.remove("/runtime/launcher.py")')).toMatch(/Error$/);
    });

    it('sees only its own processes and has its own host name', async () => {
      const pids = '[p for p in os.listdir("/proc") if p.isdigit()]';
      expect((await evaluate(bench, `len(${pids})`)) as number).toBeLessThanOrEqual(3);
      expect(await evaluate(bench, 'socket.gethostname()')).toBe('action');
    });

    it('has no privileges and cannot gain any', async () => {
      const status = (await evaluate(bench, 'open("/proc/self/status").read()')) as string;
      for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapAmb']) {
        expect(status).toMatch(new RegExp(`^${set}:\\s*0+$`, 'm'));
      }
      expect(status).toMatch(/^NoNewPrivs:\s*1$/m);
      expect(await evaluate(bench, 'os.getuid()')).not.toBe(0);
      expect(await evaluate(bench, 'os.getppid()')).toBeLessThanOrEqual(2);
      expect(await evaluate(bench, 'os.tcgetpgrp(os.open("/dev/tty", os.O_RDWR))')).toBe('OSError');
    });

    it('has its own /tmp as long as it is warm, and it is bounded', async () => {
      await evaluate(bench, 'pathlib.Path("/tmp/kept").write_text("x")', '/guest/keeper');
      const code = '(os.statvfs("/tmp").f_blocks * os.statvfs("/tmp").f_frsize) >> 20';
      expect(await evaluate(bench, code)).toBe(TEMPORARY_SPACE >> 20);
      expect(await evaluate(bench, 'os.path.exists("/tmp/kept")')).toBe(false);
    });
  });

  inKind('process', (bench) => {
    it('has a private folder for its files, which is gone when it ends', async () => {
      const code = `import pathlib, tempfile
def main(args):
    path = pathlib.Path(tempfile.gettempdir(), "left")
    path.mkdir()
    path.joinpath("file").write_text("x")
    path.chmod(0)
    return {"folder": tempfile.gettempdir()}
`;
      const { result } = await bench.python(code);
      const { folder } = JSON.parse(JSON.stringify(result));
      expect(existsSync(folder)).toBe(true);
      await bench.stop();
      expect(existsSync(path.dirname(folder))).toBe(false);
      await bench.start();
    });

    it('cannot gain privileges', async (context) => {
      if (process.platform !== 'linux') context.skip('no_new_privs is Linux’s');
      const status = await evaluate(bench, 'open("/proc/self/status").read()');
      expect(status).toMatch(/^NoNewPrivs:\s*1$/m);
      expect(status).toMatch(/^CapEff:\s*0+$/m);
    });

    it('of a platform that runs as root is a user of its own, and sees no other’s files', async (context) => {
      if (process.getuid?.() !== 0) context.skip('the platform of an ordinary user stays that user');
      expect(await evaluate(bench, 'os.getuid()')).toBeGreaterThanOrEqual(62_000);
      expect(await evaluate(bench, `os.listdir("${bench.dataDir}")`)).toBe('PermissionError');
      const others =
        'sum(os.access(p + "/tmp", os.R_OK) for p in glob.glob(os.path.dirname(os.getcwd()) + "/../pdf*"))';
      expect(await evaluate(bench, others)).toBe(1);
    });
  });

  inBothKinds((bench) => {
    it('cannot signal another sandbox or the platform', async () => {
      const sleeper = bench.python('import os, time\ndef main(a):\n    time.sleep(2)\n    return {"alive": True}\n');
      const code = `import os, signal
def main(args):
    hit = []
    for pid in range(2, 50000):
        if pid in (os.getpid(), os.getppid()):
            continue
        try:
            os.kill(pid, 0)
            hit.append(pid)
        except OSError:
            pass
    return {"hit": len(hit)}
`;
      const outcome = await bench.python(code, { name: `/guest/killer-${bench.invoker.sandbox.kind}` });
      if (process.getuid?.() === 0 || bench.invoker.sandbox.kind === 'bubblewrap')
        expect(outcome.result).toEqual({ hit: 0 });
      expect((await sleeper).result).toEqual({ alive: true });
    });

    it('reaches the loopback network', async () => {
      const code = `import socket
def main(args):
    server = socket.create_server(("127.0.0.1", 0))
    socket.create_connection(server.getsockname()).close()
    return {"ok": True}
`;
      expect((await bench.python(code)).result).toEqual({ ok: true });
    });
  });
});
