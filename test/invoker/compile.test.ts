import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { CodeStore } from '../../platform/invoker/code/store';
import { compileCode } from '../../platform/invoker/sandboxes/compile';
import { inBothKinds } from './harness';
import { zipOf } from './zips';

/** Some kB of zip, and gigabytes of syntax tree. */
const BOMB = { repeat: 40_000_000 } as const;
const MAIN = 'import os\ndef main(args):\n    return {"cached": os.listdir("__pycache__")}\n';

describe.skipIf(process.platform !== 'linux')('compiling a Python zip', () => {
  inBothKinds((bench) => {
    const unpacked = () => readdirSync(path.join(bench.dataDir, 'code'));

    it('is done once, and its byte code lies beside the code', async () => {
      const zip = zipOf({ '__main__.py': MAIN, 'words.py': 'X = 1\n', 'bad.py': 'def (' });
      const { result } = await bench.python(zip, { binary: true });
      const { cached } = JSON.parse(JSON.stringify(result));
      expect(cached.sort()).toEqual([
        expect.stringMatching(/^__main__\.cpython-3\d+\.pyc$/),
        expect.stringMatching(/^words\.cpython-3\d+\.pyc$/),
      ]);
    });

    it('runs within the action’s memory: what takes more is left out, and the action runs', async () => {
      const zip = zipOf({
        '__main__.py': 'def main(args):\n    return {"ran": True}\n',
        'bomb.py': `[${'[],'.repeat(6_000_000)}]`,
      });
      const began = Date.now();
      const outcome = await bench.python(zip, { binary: true, limits: { memory: 128 } });
      expect(outcome.result).toEqual({ ran: true });
      expect(Date.now() - began).toBeLessThan(30_000);
      expect(unpacked().some((name) => name.startsWith('new-'))).toBe(false);
    });

    it('runs within the action’s time', async () => {
      const slow = Array.from({ length: 80 }, (_, n) => [`m${n}.py`, `x = [${'1+1,'.repeat(60_000)}]\n`] as const);
      const zip = zipOf({ '__main__.py': 'def main(args):\n    return {"ran": True}\n', ...Object.fromEntries(slow) });
      const began = Date.now();
      const outcome = await bench.python(zip, { binary: true, limits: { timeout: 2_000 } });
      expect(outcome.result).toEqual({ ran: true });
      expect(Date.now() - began).toBeLessThan(20_000);
    });

    it('of code that is itself too large for the action’s memory ends as the action does', async () => {
      const zip = zipOf({ '__main__.py': `[${'[],'.repeat(6_000_000)}]` });
      expect((await bench.python(zip, { binary: true, limits: { memory: 128 } })).result).toEqual({
        error: 'The action exhausted its memory and was aborted.',
      });
    });
  });
});

describe('a zip that brings byte code', () => {
  const runtime = {
    ...{ kind: 'python:3.11', family: 'python', image: '', executable: '/usr/bin/python3', flags: [], environment: {} },
    ...{ launcher: '', compiler: 'compile.py', byteCodeTag: 'cpython-311', unpackFailed: '', exitDuringRun: '' },
    ...{ exitDuringInit: { error: '' }, countsLineEnd: true },
  };
  const staged = { policyFolder: '', policyLimits: {}, copyOf: (script: string) => script };
  const compile = (...files: string[]) => {
    const start = vi.fn().mockRejectedValue(new Error('a sandbox was asked for'));
    const limits = { timeout: 1000, memory: 256, logs: 10, concurrency: 1 };
    return compileCode({ kind: 'process', start }, staged, runtime, '/code', files, limits);
  };
  const MADE = ['__main__.py', '__pycache__/__main__.cpython-311.pyc', 'a/b.py', 'a/__pycache__/b.cpython-311.pyc'];

  it('of each module for this Python is not compiled', async () => {
    expect(await compile(...MADE, 'a/words.txt')).toBeUndefined();
  });

  it.each([
    ['lacks some', [...MADE, 'c.py']],
    ['has some of another Python', MADE.map((name) => name.replace('b.cpython-311', 'b.cpython-312'))],
  ])('is compiled where it %s', async (_, files) => {
    await expect(compile(...files)).rejects.toThrow('a sandbox was asked for');
  });
});

describe('unpacked code that no sandbox uses', () => {
  it('stays within a bound on bytes, the one asked for last longest', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-store-test-'));
    const store = new CodeStore(folder, 50_000_000);
    await store.open();
    const prepare = async (name: string) => {
      const zip = zipOf({ [name]: BOMB });
      const prepared = await store.prepare({ code: zip }, 'python:3', () => Promise.resolve(undefined));
      if (prepared.kind !== 'folder') throw new Error('The zip is none.');
      return prepared;
    };
    const first = await prepare('first');
    const second = await prepare('second');
    await store.prune();
    expect([existsSync(first.folder), existsSync(second.folder)]).toEqual([true, true]);
    first.release();
    second.release();
    await store.prune();
    expect([existsSync(first.folder), existsSync(second.folder)]).toEqual([false, true]);
    expect(readdirSync(path.join(folder, 'code'))).toHaveLength(1);
    rmSync(folder, { recursive: true });
  });
});
