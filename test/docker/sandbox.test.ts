/** Python actions as containers behave as in the sandboxes of this machine. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DockerRuntime } from '../../platform/invoker/docker';
import { Bench, textOf } from '../invoker/harness';
import { zipOf } from '../invoker/zips';
import { containers, labelOf, testRuntime } from './bench';
import { whyNot } from './engine';

const reason = whyNot();
const MINUTES = 60_000;

describe.skipIf(reason !== undefined)(
  `actions as containers${reason === undefined ? '' : ` (skipped: ${reason})`}`,
  () => {
    let runtime: DockerRuntime;
    let bench: Bench;
    beforeAll(async () => {
      runtime = await testRuntime();
      bench = new Bench({ docker: runtime });
      await bench.start();
    }, 15 * MINUTES);
    afterAll(() => bench?.stop());

    describe('an action', () => {
      test('gives its result, and finds what OpenWhisk puts into its environment', async () => {
        const code = `import os, sys
def main(args):
    return {"args": args, "env": dict(os.environ), "python": "%d.%d" % sys.version_info[:2]}
`;
        const say = { parameters: { name: 'Ä' }, initEnvironment: { COLOUR: 'red' }, apiKey: 'a:b' };
        const { statusCode, result, initTime } = await bench.python(code, { name: '/guest/pack/env', ...say });
        expect(result).toMatchObject({
          args: { name: 'Ä' },
          python: runtime.python,
          env: {
            COLOUR: 'red',
            __OW_API_HOST: 'http://127.0.0.1:3233',
            __OW_API_KEY: 'a:b',
            __OW_NAMESPACE: 'guest',
            __OW_ACTION_NAME: '/guest/pack/env',
            __OW_ACTIVATION_ID: expect.stringMatching(/^[0-9a-f]{32}$/),
            __OW_DEADLINE: expect.stringMatching(/^\d{13}$/),
          },
        });
        expect(statusCode).toBe(0);
        expect(initTime).toBeGreaterThan(0);
      });

      test('comes as a zip, with modules of its own and a main of another name', async () => {
        const code = zipOf({
          '__main__.py': 'from other import WORD\ndef start(args):\n    return {"word": WORD}\n',
          'other.py': 'WORD = "zip"\n',
        });
        const { result } = await bench.python(code, { binary: true, main: 'start' });
        expect(result).toEqual({ word: 'zip' });
      });

      test('of the runtime image, by its name, is one of these', async () => {
        const say = { image: `docker.io/${runtime.image}` };
        expect((await bench.python('def main(a):\n    return {"ok": True}\n', say)).result).toEqual({ ok: true });
      });

      test('of another image is refused, and told which there are', async () => {
        const { statusCode, result } = await bench.python('def main(a):\n    return a\n', { image: 'somebody/else:1' });
        expect(statusCode).toBe(2);
        expect(JSON.stringify(result)).toContain(runtime.image);
      });

      test('in Node.js runs in a sandbox as ever', async () => {
        const { result } = await bench.nodejs('function main() { return { node: process.version } }');
        expect(result).toEqual({ node: process.version });
      });

      test('reaches a server that listens at the address of this machine that containers know', async () => {
        const server = createServer((_, response) => response.end('here')).listen(0, runtime.gateway);
        await once(server, 'listening');
        const address = server.address();
        const url = `http://${runtime.gateway}:${typeof address === 'object' ? address?.port : 0}/`;
        const code = `from urllib.request import urlopen\ndef main(a):\n    return {"text": urlopen("${url}").read().decode()}\n`;
        expect((await bench.python(code)).result).toEqual({ text: 'here' });
        server.close();
      });
    });

    describe('a container', () => {
      test('is kept warm for the same action, initialized once, and for no other', async () => {
        const code = 'count = 0\ndef main(a):\n    global count\n    count += 1\n    return {"count": count}\n';
        const name = '/guest/counter';
        const first = await bench.python(code, { name });
        const second = await bench.python(code, { name });
        expect([first.result, second.result]).toEqual([{ count: 1 }, { count: 2 }]);
        expect(second.initTime).toBeUndefined();
        expect((await bench.python(code, { name, revision: '2-b' })).result).toEqual({ count: 1 });
        expect((await bench.python(code, { name: '/guest/counter-2' })).result).toEqual({ count: 1 });
      });

      test('is one of several at a time', async () => {
        const code = 'import time\ndef main(a):\n    time.sleep(1)\n    return {"at": a["at"]}\n';
        const run = (at: number) => bench.python(code, { name: '/guest/parallel', parameters: { at } });
        const outcomes = await Promise.all([0, 1, 2].map(run));
        expect(outcomes.map(({ result }) => result)).toEqual([{ at: 0 }, { at: 1 }, { at: 2 }]);
        const [latestStart, firstEnd] = [
          Math.max(...outcomes.map((o) => o.start)),
          Math.min(...outcomes.map((o) => o.end)),
        ];
        expect(latestStart).toBeLessThan(firstEnd);
      });

      test('has nothing of this machine: neither its files nor its variables nor the rights to change the network', async () => {
        process.env.PDFMAGIC_TEST_SECRET = 'host';
        const code = `import os
def main(a):
    caps = [line for line in open("/proc/self/status") if line.startswith(("CapEff", "NoNewPrivs"))]
    return {"env": "PDFMAGIC_TEST_SECRET" in os.environ, "file": os.path.exists(${JSON.stringify(__filename)}), "caps": caps}
`;
        const { result } = await bench.python(code);
        const { env, file, caps } = result as { env: boolean; file: boolean; caps: string[] };
        expect({ env, file }).toEqual({ env: false, file: false });
        const effective = BigInt(`0x${/CapEff:\s*(\w+)/.exec(caps.join(''))?.[1]}`);
        // capabilities(7): CAP_NET_ADMIN is 12, CAP_NET_RAW 13.
        expect(effective & ((1n << 12n) | (1n << 13n))).toBe(0n);
        expect(caps.join('')).toMatch(/NoNewPrivs:\s*1/);
      });
    });

    describe('what goes wrong', () => {
      test('an error that the action returns or raises is an application error', async () => {
        const returned = await bench.python('def main(a):\n    return {"error": "no"}\n');
        expect(returned).toMatchObject({ statusCode: 1, result: { error: 'no' } });
        const raised = await bench.python('def main(a):\n    raise ValueError("bad value")\n');
        expect(raised).toMatchObject({ statusCode: 1, result: { error: 'bad value' } });
        expect(textOf(raised.logs).join('\n')).toContain('ValueError: bad value');
      });

      test.each([
        [
          'that is no Python',
          'def main(:\n',
          'The action failed to generate or locate a binary. See logs for details.',
        ],
        ['without main', 'x = 1\n', 'Cannot start action. Check logs for details.'],
        ['that exits when loaded', 'import os\nos._exit(3)\n', 'Cannot start action. Check logs for details.'],
        ['that exits when called', 'import os\ndef main(a):\n    os._exit(3)\n', 'command exited'],
        [
          'that returns no dictionary',
          'def main(a):\n    return 7\n',
          'The action did not return a dictionary or array.',
        ],
      ])('code %s is a developer error, in the words of OpenWhisk', async (_, code, error) => {
        const outcome = await bench.python(code);
        expect(outcome).toMatchObject({ statusCode: 2, result: { error }, timedOut: false });
        expect(textOf(outcome.logs).at(-1)).toMatch(/did not initialize or run as expected/);
      });

      test('the time limit ends a run, and the container with it', async () => {
        const name = '/guest/sleeper';
        const code = 'import time\ndef main(a):\n    print("before", flush=True)\n    time.sleep(60)\n';
        const outcome = await bench.python(code, { name, limits: { timeout: 2_000 } });
        expect(outcome).toMatchObject({ statusCode: 2, timedOut: true });
        expect(outcome.result).toEqual({ error: 'The action exceeded its time limits of 2000 milliseconds.' });
        expect(textOf(outcome.logs)[0]).toBe('stdout: before');
        expect(containers(labelOf(bench), 'sleeper')).toEqual([]);
      });

      test('the time limit ends an initialization', async () => {
        const { result } = await bench.python('import time\ntime.sleep(60)\n', { limits: { timeout: 2_000 } });
        expect(result).toEqual({
          error: 'The action exceeded its time limits of 2000 milliseconds during initialization.',
        });
      });

      test('a response above 1 MiB is an application error with its beginning', async () => {
        const { statusCode, result, size } = await bench.python('def main(a):\n    return {"text": "x" * (2 << 20)}\n');
        expect(statusCode).toBe(1);
        expect(size).toBeGreaterThan(2 << 20);
        expect((result as { error: string }).error).toMatch(
          /exceeded the allowed length: \d+ > 1048576 bytes\. .*\{"text":/,
        );
      });
    });

    describe('the log', () => {
      const talk =
        'import sys\ndef main(a):\n    print(a["word"])\n    print("err " + a["word"], file=sys.stderr)\n    return {}\n';

      test('has both streams, and of each activation its own lines alone', async () => {
        for (const word of ['one', 'two']) {
          const { logs } = await bench.python(talk, { name: '/guest/talk', parameters: { word } });
          expect(textOf(logs).sort()).toEqual([`stderr: err ${word}`, `stdout: ${word}`]);
        }
      });

      test('ends at its limit, and says so', async () => {
        const code = 'def main(a):\n    print("\\n".join("x" * 100 for _ in range(100000)))\n    return {"ok": True}\n';
        const { result, logs } = await bench.python(code, { limits: { logs: 1 } });
        expect(result).toEqual({ ok: true });
        expect(textOf(logs).at(-1)).toMatch(
          /Logs were truncated because the total bytes size exceeds the limit of 1048576/,
        );
        expect(logs.length).toBeLessThan(10_000);
      });
    });
  },
);
