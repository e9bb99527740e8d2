import { expect, it } from 'vitest';
import { inKind } from './harness';
import { invocation } from './harness-invocation';

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
});
