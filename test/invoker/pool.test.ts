import { describe, expect, it } from 'vitest';
import { createInvoker } from '../../platform/invoker/create-invoker';
import { Bench, inBothKinds } from './harness';
import { invocation } from './harness-invocation';
import { zipOf } from './zips';

const COUNTER =
  'import os\nn = 0\ndef main(args):\n    global n\n    n += 1\n    return {"n": n, "pid": os.getpid()}\n';
const COUNTER_2 = COUNTER.replace('n += 1', 'n += 100');

describe('the pool', () => {
  inBothKinds(
    (bench, kind) => {
      it('reuses a warm sandbox for the same action, which is then not initialized again', async () => {
        const say = { name: `/guest/counter-${kind}` };
        const first = await bench.python(COUNTER, say);
        const second = await bench.python(COUNTER, say);
        expect([first.result, second.result]).toMatchObject([{ n: 1 }, { n: 2 }]);
        expect(first.initTime).toBeGreaterThanOrEqual(0);
        expect(second).not.toHaveProperty('initTime');
        expect(first.waitTime).toBeGreaterThanOrEqual(0);
      });

      it('never runs old code: not after an update, nor after a delete and a new create with the same version', async () => {
        const name = `/guest/updated-${kind}`;
        const run = async (code: string, version: string, revision: string) =>
          (await bench.python(code, { name, version, revision })).result;
        expect(await run(COUNTER, '0.0.1', '1-a')).toMatchObject({ n: 1 });
        expect(await run(COUNTER_2, '0.0.2', '2-b')).toMatchObject({ n: 100 });
        expect(await run(COUNTER, '0.0.1', '1-c')).toMatchObject({ n: 1 });
        const zip = (text: string) => zipOf({ '__main__.py': `def main(a):\n    return {"text": "${text}"}\n` });
        const runZip = async (text: string, revision: string) =>
          (await bench.python(zip(text), { name, revision, binary: true })).result;
        expect(await runZip('old', '4-d')).toEqual({ text: 'old' });
        expect(await runZip('new', '5-e')).toEqual({ text: 'new' });
      });

      it('gives each of two actions with the same code a sandbox of its own', async () => {
        const one = await bench.python(COUNTER, { name: `/guest/one-${kind}` });
        const two = await bench.python(COUNTER, { name: `/guest/two-${kind}` });
        expect([one.result, two.result]).toMatchObject([{ n: 1 }, { n: 1 }]);
      });

      it('ends the sandbox of an action whose developer erred', async () => {
        const name = `/guest/erring-${kind}`;
        const code = 'n = 0\ndef main(a):\n    global n\n    n += 1\n    return {"n": n} if a else 42\n';
        await bench.python(code, { name, parameters: { x: 1 } });
        await bench.python(code, { name });
        expect((await bench.python(code, { name, parameters: { x: 1 } })).result).toEqual({ n: 1 });
      });

      it('runs at most as many at a time as its capacity, the others in order', async () => {
        const code =
          'import time\ndef main(a):\n    t = time.time()\n    time.sleep(0.15)\n    return {"from": t, "to": time.time()}\n';
        const name = `/guest/spans-${kind}`;
        const outcomes = await Promise.all(Array.from({ length: 9 }, () => bench.python(code, { name })));
        const spans = outcomes.map((outcome) => JSON.parse(JSON.stringify(outcome.result)));
        const edges = spans.flatMap(({ from, to }) => [
          { at: Number(from), by: 1 },
          { at: Number(to), by: -1 },
        ]);
        let now = 0;
        const most = Math.max(...edges.sort((a, b) => a.at - b.at).map(({ by }) => (now += by)));
        expect(most).toBeLessThanOrEqual(3);
        const starts = outcomes.map((outcome) => outcome.start);
        for (let n = 3; n < starts.length; n++) expect(starts[n]).toBeGreaterThanOrEqual(starts[n - 3] ?? 0);
        expect(outcomes.at(-1)?.waitTime).toBeGreaterThanOrEqual(200);
      });

      it('answers 50 parallel invocations of several actions, each with its own result', async () => {
        const code = 'def main(args):\n    print(args["n"])\n    return args\n';
        const all = Array.from({ length: 50 }, (_, n) =>
          n % 5 === 0
            ? bench.nodejs('function main(args) { console.log(args.n); return args }', {
                name: `/guest/many-node-${kind}`,
                parameters: { n },
              })
            : bench.python(code, { name: `/guest/many-${n % 3}-${kind}`, parameters: { n } }),
        );
        for (const [n, outcome] of (await Promise.all(all)).entries()) {
          expect(outcome).toMatchObject({
            statusCode: 0,
            result: { n },
            logs: [expect.stringMatching(` stdout: ${n}$`)],
          });
        }
      });

      it('says which runtimes and images there are', async () => {
        expect(bench.kindOf('python')).toMatch(/^python:3\.\d+$/);
        expect(bench.kindOf('nodejs')).toBe(`nodejs:${process.versions.node.split('.')[0]}`);
        expect(bench.invoker.images[0]).toBe(
          `pdfmagic/action-python-v${bench.kindOf('python').slice(7)}:imagemagick-pdf`,
        );
        const image = await bench.run(COUNTER, { image: 'somebody/some-image' });
        expect(image.statusCode).toBe(2);
        expect(JSON.stringify(image.result)).toContain("Failed to pull container image 'somebody/some-image'.");
        expect(JSON.stringify(image.result)).toContain(bench.invoker.images[0]);
        const old = await bench.run(COUNTER, { kind: 'python:2' });
        expect(JSON.stringify(old.result)).toContain("The specified runtime 'python:2' is not supported");
      });
    },
    { capacity: 3 },
  );
});

describe('the pool with little room', () => {
  inBothKinds(
    (bench, kind) => {
      it('keeps only so many idle sandboxes: the one used last stays', async () => {
        const say = (n: number) => ({ name: `/guest/idle-${n}-${kind}` });
        for (const n of [1, 2]) await bench.python(COUNTER, say(n));
        expect((await bench.python(COUNTER, say(2))).result).toMatchObject({ n: 2 });
        expect((await bench.python(COUNTER, say(1))).result).toMatchObject({ n: 1 });
      });

      it('works without spares', async () => {
        expect((await bench.nodejs('function main() { return { ok: 1 } }')).result).toEqual({ ok: 1 });
      });
    },
    { maxIdle: 1, spares: 0 },
  );

  inBothKinds(
    (bench, kind) => {
      it('keeps four actions warm that are called in turns, each as many at a time as run', async () => {
        const slow = `import time\n${COUNTER.replace('n += 1', 'n += 1; time.sleep(0.2)')}`;
        const turn = async (): Promise<boolean[]> => {
          const cold: boolean[] = [];
          for (const name of ['a', 'b', 'c', 'd'].map((letter) => `/guest/turns-${letter}-${kind}`)) {
            const both = await Promise.all([1, 2].map(() => bench.python(slow, { name })));
            cold.push(...both.map(({ initTime }) => initTime !== undefined));
          }
          return cold;
        };
        expect(await turn()).toEqual(Array(8).fill(true));
        expect(await turn()).toEqual(Array(8).fill(false));
      });
    },
    { capacity: 2 },
  );

  inBothKinds(
    (bench, kind) => {
      it('ends a sandbox that was idle for too long', async () => {
        const say = { name: `/guest/aged-${kind}` };
        await bench.python(COUNTER, say);
        await expect
          .poll(async () => (await bench.python(COUNTER, say)).result, { interval: 3_000, timeout: 30_000 })
          .toMatchObject({ n: 1 });
      });
    },
    { idleTime: 100 },
  );
});

describe('stopping', () => {
  inBothKinds((_, kind) => {
    it('rejects what runs and what waits, and whatever comes later', async () => {
      const bench = new Bench({ sandbox: kind, capacity: 1 });
      await bench.start();
      const sleep = invocation('import time\ndef main(a):\n    time.sleep(60)\n', { kind: bench.kindOf('python') });
      const [running, waiting] = [bench.invoker.run(sleep), bench.invoker.run(sleep)];
      const settled = Promise.allSettled([running, waiting]);
      await bench.stop();
      expect(await settled).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
      await expect(bench.invoker.run(sleep)).rejects.toThrow('stopped');
    });
  });
});

describe('options', () => {
  it('that make no sense are refused by name', async () => {
    const options = { dataDir: '/nonexistent/never-made', apiHost: '' };
    await expect(createInvoker({ ...options, capacity: 0 })).rejects.toThrow(/capacity .* is 0; .* at least 1/);
    await expect(createInvoker({ ...options, maxIdle: 1.5 })).rejects.toThrow(/maxIdle .* is 1.5/);
  });
});
