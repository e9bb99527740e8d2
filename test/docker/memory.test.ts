/** What the kernel's limit of memory does to an action as a container, and what is said of it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Bench } from '../invoker/harness';
import { containers, labelOf, testRuntime } from './bench';
import { docker, whyNot } from './engine';

const reason = whyNot();
const MINUTES = 60_000;

describe.skipIf(reason !== undefined)(
  `memory of actions as containers${reason === undefined ? '' : ` (skipped: ${reason})`}`,
  () => {
    let bench: Bench;
    beforeAll(async () => {
      bench = new Bench({ docker: await testRuntime() });
      await bench.start();
    }, 15 * MINUTES);
    afterAll(() => bench?.stop());

    test.each([
      ['when it runs', 'def main(a):\n    return {"size": len(bytearray(400 << 20))}\n'],
      ['when it is loaded', 'data = bytearray(400 << 20)\ndef main(a):\n    return {}\n'],
    ])('the memory limit ends an action that needs more, %s', async (_, code) => {
      const outcome = await bench.python(code, { limits: { memory: 128 } });
      expect(outcome).toMatchObject({
        statusCode: 2,
        result: { error: 'The action exhausted its memory and was aborted.' },
        timedOut: false,
      });
    });

    test('the memory limit ends the action that makes the kernel take the whole container, its proxy with it', async () => {
      const code = `import subprocess, sys, time
def main(a):
    with open("/proc/1/oom_score_adj", "w") as file:
      file.write("1000")
    take = "import time; taken = bytearray(12 << 20); time.sleep(30)"
    for _ in range(20):
      subprocess.Popen([sys.executable, "-c", take])
    time.sleep(30)
`;
      expect(await bench.python(code, { limits: { memory: 128 } })).toMatchObject({
        statusCode: 2,
        result: { error: 'The action exhausted its memory and was aborted.' },
        timedOut: false,
      });
    });

    test('a container that is killed for another reason has not exhausted its memory', async () => {
      const code = 'import time\ndef main(a):\n    open("/tmp/begun", "w").close()\n    time.sleep(30)\n';
      const begun = bench.python(code, { name: '/guest/victim' });
      const hasBegun = () =>
        containers(labelOf(bench), 'victim').some((id) => docker('exec', id, 'ls', '/tmp').includes('begun'));
      await expect.poll(hasBegun, { timeout: 20_000 }).toBe(true);
      docker('kill', ...containers(labelOf(bench), 'victim'));
      const { statusCode, result } = await begun;
      expect(statusCode).toBe(2);
      expect(result).toEqual({ error: 'The action did not produce a valid response and exited unexpectedly.' });
    });

    test('the memory limit ends a child of an action alone, as the kernel does in OpenWhisk, and the action sees that', async () => {
      const code = `import subprocess, sys
def main(a):
    return {"code": subprocess.run([sys.executable, "-c", "bytearray(400 << 20)"]).returncode}
`;
      expect(await bench.python(code, { limits: { memory: 128 } })).toMatchObject({
        statusCode: 0,
        result: { code: -9 },
      });
    });
  },
);
