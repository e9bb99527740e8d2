import { describe, expect, it } from 'vitest';
import { parseJson, writeJson } from '../../ground/exact-json';
import { inBothKinds, textOf } from './harness';

const WARNING = 'stderr: The action did not initialize or run as expected. Log data might be missing.';

describe('a Python action', () => {
  inBothKinds((bench) => {
    it('gets its parameters and gives its result', async () => {
      const parameters = { n: [1, 2.5, null, true], text: 'grüße ✓ \u2028 \u0000', deep: { er: {} } };
      const outcome = await bench.python('def main(args):\n    return args\n', { parameters });
      expect(outcome).toMatchObject({ statusCode: 0, result: parameters, logs: [], timedOut: false });
    });

    it('may answer with an array', async () => {
      const outcome = await bench.python('def main(args):\n    return [1, "two", {"args": args}]\n', {
        parameters: { x: 1 },
      });
      expect(outcome).toMatchObject({ statusCode: 0, result: [1, 'two', { args: { x: 1 } }] });
    });

    it('calls the function that main names', async () => {
      const outcome = await bench.python('def other(args):\n    return {"other": True}\n', { main: 'other' });
      expect(outcome.result).toEqual({ other: true });
    });

    it('that returns an error has failed as an application', async () => {
      const outcome = await bench.python('def main(args):\n    return {"error": {"why": "so"}, "more": 1}\n');
      expect(outcome).toMatchObject({ statusCode: 1, result: { error: { why: 'so' } } });
    });

    it('that raises has failed as an application; the traceback is in the log, and the sandbox stays warm', async () => {
      const say = { name: `/guest/raises-${bench.invoker.sandbox.kind}` };
      const outcome = await bench.python('def main(args):\n    raise ValueError("kaboom")\n', say);
      expect(outcome).toMatchObject({ statusCode: 1, result: { error: 'kaboom' } });
      expect(outcome.logs.join(' ')).toMatch(/stderr: Traceback.*ValueError: kaboom/);
      expect(outcome.logs.join(' ')).toContain('raise ValueError("kaboom")');
      const second = await bench.python('def main(args):\n    raise ValueError("kaboom")\n', say);
      expect(second.initTime).toBeUndefined();
    });

    it('that is no Python is a developer error, and the log says where', async () => {
      const outcome = await bench.python('def main(args:\n    return\n');
      expect(outcome).toMatchObject({
        statusCode: 2,
        result: { error: 'The action failed to generate or locate a binary. See logs for details.' },
      });
      expect(textOf(outcome.logs)).toEqual([expect.stringContaining('line 1'), WARNING]);
    });

    it('without the function, or that fails while it is loaded, cannot be started', async () => {
      const error = 'Cannot start action. Check logs for details.';
      for (const code of [
        'def other(args):\n    return args\n',
        'import no_such_module\n',
        'import os\nos._exit(3)\n',
      ]) {
        const outcome = await bench.python(code);
        expect(outcome).toMatchObject({ statusCode: 2, result: { error } });
        expect(textOf(outcome.logs)).toContain('stderr: Command exited abruptly during initialization.');
      }
    });

    it('that gives neither an object nor an array is a developer error', async () => {
      const error = 'The action did not return a dictionary or array.';
      for (const value of ['"text"', '42', 'True', 'float("nan")']) {
        const outcome = await bench.python(`def main(args):\n    return ${value}\n`);
        expect(outcome).toMatchObject({ statusCode: 2, result: { error } });
      }
      const nothing = await bench.python('def main(args):\n    pass\n');
      expect(nothing).toMatchObject({
        statusCode: 2,
        result: { error: 'The action did not produce a valid JSON or JSON Array response: null\n' },
      });
    });

    it('that exits, or gives what is no JSON, is a developer error', async () => {
      for (const code of ['import sys\ndef main(a):\n    sys.exit(0)\n', 'def main(a):\n    return {"set": {1}}\n']) {
        const outcome = await bench.python(code);
        expect(outcome).toMatchObject({ statusCode: 2, result: { error: 'command exited' } });
      }
    });

    it.each(['spawn', 'forkserver', 'fork'])(
      'starts processes of its own by %s, which run its functions',
      async (method) => {
        const code = `import multiprocessing
def square(n):
    return n * n
def main(args):
    with multiprocessing.get_context(args["method"]).Pool(2) as pool:
        return {"squares": pool.map(square, args["numbers"])}
`;
        const outcome = await bench.python(code, { parameters: { method, numbers: [1, 2, 3] } });
        expect(outcome).toMatchObject({ statusCode: 0, result: { squares: [1, 4, 9] } });
      },
    );

    it('is a module with a file, which may be read, pickled and reloaded', async () => {
      const code = `import importlib, inspect, pickle, sys
def marker():
    return __name__
def main(args):
    source = open(__file__).read()
    reloaded = importlib.reload(sys.modules[__name__])
    return {
        "name": marker(),
        "inSource": "def marker" in source and "def marker" in inspect.getsource(marker),
        "pickled": pickle.loads(pickle.dumps(reloaded.marker))(),
    }
`;
      expect((await bench.python(code)).result).toEqual({ name: 'main__', inSource: true, pickled: 'main__' });
    });

    it('keeps the value and the kind of every number, from its parameters to its result', async () => {
      const text = '[9007199254740993,1.0,9223372036854775807,-9223372036854775808,1.50,0.1,1E+22,1E-7,12,-0.5]';
      const numbers = parseJson(text);
      const outcome = await bench.python('def main(a):\n    return {"n": a["n"], "seen": repr(a["n"])}\n', {
        parameters: { n: numbers },
      });
      const seen =
        '[9007199254740993, 1.0, 9223372036854775807, -9223372036854775808, 1.5, 0.1, 1e+22, 1e-07, 12, -0.5]';
      expect(outcome.result).toMatchObject({ seen });
      // Python has no 1.50: what it gives back is 1.5.
      expect(writeJson(outcome.result)).toContain(`"n":${text.replace('1.50', '1.5')}`);
    });

    it('gives long texts of all kinds as they are', async () => {
      const long = 'QUJD'.repeat(2000);
      const texts = {
        base64: long,
        quoted: `"\\${long}`,
        lines: `${long}\n`,
        deleted: `${long}\u007f`,
        é: `€${long}`,
        '': long,
      };
      const outcome = await bench.python(
        'def main(a):\n    return {**a, 1: a["base64"], "more": [a["lines"], None]}\n',
        {
          parameters: texts,
        },
      );
      expect(outcome.result).toEqual({ ...texts, 1: long, more: [texts.lines, null] });
    });

    it('gets what is beyond a double as Python has it', async () => {
      const parameters = { large: parseJson('1e400'), many: parseJson('1234567890123456789012345678901234567890') };
      const code = 'def main(a):\n    return {"large": str(a["large"]), "next": a["many"] + 1}\n';
      expect(writeJson((await bench.python(code, { parameters })).result)).toBe(
        '{"large":"inf","next":1234567890123456789012345678901234567891}',
      );
    });

    it('with no code has nothing to execute', async () => {
      const outcome = await bench.python('');
      expect(outcome).toMatchObject({ statusCode: 2, result: { error: 'Missing main/no code to execute.' } });
    });

    it('reads nothing from stdin, nor do its children', async () => {
      const code = `import subprocess, sys
def main(args):
    return {"own": sys.stdin.read(), "child": subprocess.run(["/bin/cat"], capture_output=True, text=True).stdout}
`;
      expect((await bench.python(code)).result).toEqual({ own: '', child: '' });
    });
  });
});
