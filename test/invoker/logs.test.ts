import { describe, expect, it } from 'vitest';
import { inBothKinds, textOf } from './harness';

const NANOSECONDS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z (stdout|stderr): /;

describe('the log of an activation', () => {
  inBothKinds((bench, kind) => {
    it('has the lines of both streams, each in order, also unicode and empty ones', async () => {
      const code = `import sys
def main(args):
    print("out one")
    print("err one", file=sys.stderr)
    print("")
    print("gr\\u00fc\\u00dfe \\u2713")
    return {}
`;
      const { logs } = await bench.python(code);
      for (const line of logs) expect(line).toMatch(NANOSECONDS);
      expect(textOf(logs).filter((line) => line.startsWith('stdout'))).toEqual([
        'stdout: out one',
        'stdout: ',
        'stdout: grüße ✓',
      ]);
      expect(textOf(logs).filter((line) => line.startsWith('stderr'))).toEqual(['stderr: err one']);
    });

    it('has what is written while the code is loaded, by child processes, and without a line end', async () => {
      const code = `import subprocess
print("loading")
def main(args):
    subprocess.run(["/bin/echo", "child"])
    print("no end", end="")
    return {}
`;
      expect(textOf((await bench.python(code)).logs)).toEqual(['stdout: loading', 'stdout: child', 'stdout: no end']);
      const nodejs = 'console.log("loading"); function main() { process.stderr.write("no end"); return {} }';
      expect(textOf((await bench.nodejs(nodejs)).logs).sort()).toEqual(['stderr: no end', 'stdout: loading']);
    });

    it('is each activation’s own', async () => {
      const say = { name: `/guest/own-log-${kind}` };
      const code = 'def main(args):\n    print(args["n"])\n    return {}\n';
      for (const n of [1, 2, 3]) {
        const outcome = await bench.python(code, { ...say, parameters: { n } });
        expect(textOf(outcome.logs)).toEqual([`stdout: ${n}`]);
      }
    });

    it('ends at its limit, with a line that says so; the action goes on', async () => {
      const code = 'def main(args):\n    for n in range(40000):\n        print("x" * 99)\n    return {"done": True}\n';
      const { logs, result } = await bench.python(code, { limits: { logs: 1 } });
      expect(result).toEqual({ done: true });
      // Each of them with its time and stream, 39 bytes.
      expect(logs.length).toBe(Math.floor((1024 * 1024) / 139) + 1);
      expect(textOf(logs).at(-1)).toBe(
        'stderr: Logs were truncated because the total bytes size exceeds the limit of 1048576 bytes.',
      );
    });

    it('does not grow by a line without an end either', async () => {
      const code = 'import sys\ndef main(args):\n    sys.stdout.write("x" * 30_000_000)\n    return {}\n';
      const { logs } = await bench.python(code, { limits: { logs: 1 } });
      expect(logs.length).toBe(1);
      expect(logs[0]).toContain('Logs were truncated');
    });

    it('of floods of empty lines stays small, and the platform goes on meanwhile', async () => {
      const code = `import os
def main(args):
    for n in range(155):
        os.write(1, b"\\n" * 65536)
    os.write(2, b"x")
    return {"done": True}
`;
      let worst = 0;
      let last = process.cpuUsage();
      let memory = 0;
      const timer = setInterval(() => {
        // Its own work alone: other processes may hold it up as long as they like.
        const { user, system } = process.cpuUsage(last);
        worst = Math.max(worst, (user + system) / 1_000);
        last = process.cpuUsage();
        memory = Math.max(memory, process.memoryUsage().rss);
      }, 5);
      const before = process.memoryUsage().rss;
      const outcomes = await Promise.all([1, 2, 3].map(() => bench.python(code)));
      clearInterval(timer);
      for (const { result, logs } of outcomes) {
        expect(result).toEqual({ done: true });
        expect(logs.reduce((sum, line) => sum + line.length + 1, 0)).toBeLessThan(10.1 * 1024 * 1024);
        expect(logs.at(-1)).toContain('Logs were truncated');
      }
      expect(memory - before).toBeLessThan(300 * 1024 * 1024);
      // Ten million lines each; the longest pause takes some 150 ms of work.
      expect(worst).toBeLessThan(1_000);
    });

    it('ends with the activation also behind a line that is too long to keep, and the next one is whole', async () => {
      const say = { name: `/guest/long-line-${kind}` };
      const code = 'import sys\ndef main(args):\n    sys.stdout.write("x" * args["n"])\n    return {"n": args["n"]}\n';
      const long = await bench.python(code, { ...say, parameters: { n: 3_000_000 } });
      expect(long.logs.length).toBe(1);
      expect(long.logs[0]?.length).toBeLessThan(1_100_000);
      expect(textOf((await bench.python(code, { ...say, parameters: { n: 3 } })).logs)).toEqual(['stdout: xxx']);
    });

    it('is not kept at all with a limit of 0', async () => {
      expect(
        (await bench.python('def main(a):\n    print("x")\n    return {}\n', { limits: { logs: 0 } })).logs,
      ).toEqual([]);
    });

    it('of an action that closes its streams is empty, and the answer comes all the same', async () => {
      const code =
        'import os, sys\ndef main(args):\n    sys.stdout.close()\n    os.close(2)\n    return {"ok": True}\n';
      expect(await bench.python(code)).toMatchObject({ statusCode: 0, result: { ok: true } });
    });
  });
});
