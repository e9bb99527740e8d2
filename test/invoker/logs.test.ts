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
      expect(logs.length).toBe(Math.floor((1024 * 1024) / 100) + 1);
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
