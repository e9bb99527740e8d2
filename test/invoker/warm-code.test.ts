import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { inKind } from './harness';
import { invocation } from './harness-invocation';
import { zipOf } from './zips';

const CODE = 'n = 0\ndef main(args):\n    global n\n    n += 1\n    return {"n": n}\n';

inKind('process', (bench) => {
  it('code with an id, which may be megabytes, is read for a cold start and never for a warm one', async () => {
    let reads = 0;
    const run = async (codeId: string) => {
      const { action, ...rest } = invocation(CODE, { name: '/guest/warm', kind: bench.kindOf('python') });
      const exec = {
        ...{ kind: action.exec.kind, binary: false, codeId },
        get code() {
          reads += 1;
          return CODE;
        },
      };
      return (await bench.invoker.run({ ...rest, action: { ...action, exec } })).result;
    };
    expect(await run('one')).toEqual({ n: 1 });
    const cold = reads;
    expect(cold).toBeGreaterThan(0);
    for (const n of [2, 3, 4]) expect(await run('one')).toEqual({ n });
    expect(reads).toBe(cold);
    expect(await run('another')).toEqual({ n: 1 });
    expect(reads).toBe(2 * cold);
  });

  it('a zip with an id is read once, whatever versions of the action follow', async () => {
    const zip = zipOf({ '__main__.py': CODE });
    let reads = 0;
    const run = async (version: string) => {
      const { action, ...rest } = invocation(zip, { name: '/guest/zip', kind: bench.kindOf('python'), version });
      const exec = {
        ...{ kind: action.exec.kind, binary: true, codeId: 'zip' },
        get code() {
          reads += 1;
          return zip;
        },
      };
      return (await bench.invoker.run({ ...rest, action: { ...action, exec } })).result;
    };
    for (const version of ['0.0.1', '0.0.2', '0.0.3']) expect(await run(version)).toEqual({ n: 1 });
    expect(reads).toBe(1);
  });

  it('a zip is unpacked when the action is made, and none of it is run', async () => {
    const code = 'raise Exception("It has run.")\ndef main(args):\n    return {}\n';
    const zip = zipOf({ '__main__.py': code, 'data.txt': 'new' });
    const folder = path.join(bench.dataDir, 'code');
    const before = readdirSync(folder);
    const { action, ...rest } = invocation(zip, { name: '/guest/made', kind: bench.kindOf('python'), binary: true });
    bench.invoker.prepare?.(action);
    const made = () => readdirSync(folder).filter((name) => !before.includes(name) && !name.startsWith('new-'));
    await expect.poll(made, { timeout: 20_000 }).toHaveLength(1);
    expect(readdirSync(path.join(folder, made()[0] ?? ''))).toContain('data.txt');
    const { logs } = await bench.invoker.run({ ...rest, action });
    expect(logs.join('\n').match(/Exception: It has run\./g)).toHaveLength(1);
    expect(made()).toHaveLength(1);
  });

  it('a zip that cannot be unpacked is refused by the run alone', async () => {
    const cut = zipOf({ '__main__.py': CODE, 'data.txt': { repeat: 100_000 } }).slice(0, 200);
    const { action, ...rest } = invocation(cut, { kind: bench.kindOf('python'), binary: true });
    bench.invoker.prepare?.(action);
    expect(await bench.invoker.run({ ...rest, action })).toMatchObject({ statusCode: 2 });
    expect(bench.messages).toEqual([]);
  });
});
