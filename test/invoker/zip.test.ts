import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { unzip, ZipError } from '../../platform/invoker/code/unzip';
import { inBothKinds, textOf } from './harness';
import { zipOf } from './zips';

const COMPILE_FAILED = 'The action failed to generate or locate a binary. See logs for details.';
const MAIN = 'import words\n\ndef main(args):\n    return {"text": words.hello(args["name"])}\n';
const WORDS = 'def hello(name):\n    return "hello " + name\n';

describe('a Python zip', () => {
  inBothKinds((bench) => {
    it('runs __main__.py at its root, which imports what lies beside it', async () => {
      const zip = zipOf({ '__main__.py': MAIN, 'words.py': WORDS });
      const outcome = await bench.python(zip, { binary: true, parameters: { name: 'zip' } });
      expect(outcome).toMatchObject({ statusCode: 0, result: { text: 'hello zip' } });
    });

    it('may name its function, and finds its own files from its folder', async () => {
      const code = 'def other(args):\n    return {"text": open("data/a b.txt").read()}\n';
      const zip = zipOf({ '__main__.py': code, 'data/a b.txt': 'found' });
      expect((await bench.python(zip, { binary: true, main: 'other' })).result).toEqual({ text: 'found' });
    });

    it('of a package folder has __file__ everywhere, and data files beside its modules', async () => {
      const zip = zipOf({
        '__main__.py': `import os
from package import part
from package.inner import deep
HERE = os.path.dirname(os.path.abspath(__file__))
def main(args):
    return {"main": open(os.path.join(HERE, "top.txt")).read(), "part": part.read(), "deep": deep.read(),
            "cwd": os.getcwd() == HERE}
`,
        'top.txt': 'top',
        'package/__init__.py': '',
        'package/part.py':
          'import os\ndef read():\n    return open(os.path.join(os.path.dirname(__file__), "part.txt")).read()\n',
        'package/part.txt': 'part',
        'package/inner/__init__.py': 'NAME = __file__\n',
        'package/inner/deep.py':
          'import importlib.resources as r\ndef read():\n    return r.files(__package__).joinpath("deep.txt").read_text()\n',
        'package/inner/deep.txt': 'deep',
      });
      expect((await bench.python(zip, { binary: true })).result).toEqual({
        main: 'top',
        part: 'part',
        deep: 'deep',
        cwd: true,
      });
    });

    it('starts processes of its own by spawn, which find its modules and its files', async () => {
      const zip = zipOf({
        '__main__.py': `import multiprocessing, os, words
def greet(name):
    with open(os.path.join(os.path.dirname(__file__), "mark.txt")) as mark:
        return words.hello(name) + mark.read()
def main(args):
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        return {"texts": pool.map(greet, ["a", "b"])}
`,
        'words.py': WORDS,
        'mark.txt': '!',
      });
      const outcome = await bench.python(zip, { binary: true });
      expect(outcome).toMatchObject({ statusCode: 0, result: { texts: ['hello a!', 'hello b!'] } });
    });

    it('has its virtualenv activated before its code is loaded', async () => {
      const activate = 'import os, sys\nsys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))\n';
      const zip = zipOf({
        '__main__.py': 'import inside\ndef main(args):\n    return {"from": inside.NAME}\n',
        'virtualenv/bin/activate_this.py': activate,
        'virtualenv/lib/inside.py': 'NAME = "virtualenv"\n',
      });
      expect((await bench.python(zip, { binary: true })).result).toEqual({ from: 'virtualenv' });
    });

    it('with a virtualenv that cannot be activated is a developer error', async () => {
      const zip = zipOf({ '__main__.py': 'def main(a):\n    return a\n', 'virtualenv/pyvenv.cfg': '' });
      const outcome = await bench.python(zip, { binary: true });
      expect(outcome).toMatchObject({ statusCode: 2, result: { error: COMPILE_FAILED } });
      expect(textOf(outcome.logs)[0]).toBe("stderr: Invalid virtualenv. Zip file does not include 'activate_this.py'.");
    });

    it('without __main__.py, or that is no zip at all, is a developer error with the reason in its log', async () => {
      const missing = await bench.python(zipOf({ 'main.py': WORDS }), { binary: true });
      expect(missing).toMatchObject({ statusCode: 2, result: { error: COMPILE_FAILED } });
      expect(textOf(missing.logs)[0]).toContain('__main__.py');
      const cut = Buffer.from(zipOf({ '__main__.py': MAIN }), 'base64')
        .subarray(0, 60)
        .toString('base64');
      const broken = await bench.python(cut, { binary: true });
      expect(broken).toMatchObject({ statusCode: 2, result: { error: COMPILE_FAILED } });
      expect(textOf(broken.logs)[0]).toContain('The zip cannot be read');
    });

    it('in base64 may be source text after all', async () => {
      const source = Buffer.from('def main(args):\n    return {"plain": True}\n').toString('base64');
      expect((await bench.python(source, { binary: true })).result).toEqual({ plain: true });
    });

    it('cannot write outside its folder by a name', async () => {
      const outside = path.join(bench.dataDir, 'outside');
      for (const name of ['../outside', '../../outside', outside, 'a/../../../outside']) {
        const outcome = await bench.python(zipOf({ '__main__.py': MAIN, [name]: 'x' }), { binary: true });
        expect(outcome).toMatchObject({ statusCode: 2, result: { error: COMPILE_FAILED } });
      }
      expect(existsSync(outside)).toBe(false);
      expect(existsSync(path.join(bench.dataDir, 'code', 'outside'))).toBe(false);
    });

    it('cannot reach outside its folder by links, one after the other neither', async () => {
      const list =
        'import os\ndef main(a):\n    return {n: os.path.lexists(n) for n in ["abs", "up", "hop", "ok", "a/b/c/l"]}\n';
      const zip = zipOf({
        '__main__.py': list,
        abs: { link: '/etc/hosts' },
        up: { link: '../../etc' },
        'a/b/c/l': { link: '../../../t' },
        't/file': 'x',
        hop: { link: 'a/b/c/l/../../../runtime' },
        ok: { link: 't/file' },
      });
      const outcome = await bench.python(zip, { binary: true });
      expect(outcome.result).toEqual({ abs: false, up: false, hop: false, ok: true, 'a/b/c/l': true });
    });

    it('that would unpack to more than fits is refused before it is written', async () => {
      const zip = zipOf({ '__main__.py': MAIN, bomb: { repeat: 600 * 1024 * 1024 } });
      const outcome = await bench.python(zip, { binary: true });
      expect(outcome).toMatchObject({ statusCode: 2, result: { error: COMPILE_FAILED } });
      expect(textOf(outcome.logs)[0]).toContain('unpacks to more than');
    });

    it('is unpacked once for all its sandboxes, and leaves nothing half-made', async () => {
      const zip = zipOf({ '__main__.py': 'def main(a):\n    return {"once": True}\n' });
      const before = readdirSync(path.join(bench.dataDir, 'code')).length;
      await Promise.all([1, 2, 3].map(() => bench.python(zip, { binary: true })));
      const entries = readdirSync(path.join(bench.dataDir, 'code'));
      expect(entries.length).toBe(before + 1);
      expect(entries.filter((name) => name.startsWith('new-'))).toEqual([]);
    });

    it('cannot be changed by the action for a later sandbox', async () => {
      const code = `import os
def main(args):
    size = os.path.getsize("__main__.py")
    try:
        os.chmod("__main__.py", 0o644)
        open("__main__.py", "a").write("# changed")
    except OSError:
        pass
    return {"size": size}
`;
      const zip = zipOf({ '__main__.py': code });
      for (let n = 0; n < 2; n++) {
        const outcome = await bench.python(zip, { binary: true });
        expect(outcome.result).toEqual({ size: code.length });
      }
    });
  });
});

describe('a Node.js zip', () => {
  inBothKinds((bench) => {
    it('runs what package.json names, or index.js', async () => {
      const named = zipOf({
        'package.json': '{"main": "lib/app.js"}',
        'lib/app.js': 'const twice = require("./twice"); exports.main = ({ n }) => ({ twice: twice(n) })',
        'lib/twice.js': 'module.exports = (n) => 2 * n',
      });
      expect((await bench.nodejs(named, { binary: true, parameters: { n: 21 } })).result).toEqual({ twice: 42 });
      const index = zipOf({ 'index.js': 'exports.main = () => ({ cwd: require("fs").readdirSync(".") })' });
      expect((await bench.nodejs(index, { binary: true })).result).toEqual({ cwd: ['index.js'] });
    });

    it('may name a file and its function', async () => {
      const zip = zipOf({ 'index.js': '', 'other.js': 'exports.run = () => ({ other: true })' });
      expect((await bench.nodejs(zip, { binary: true, main: 'other.run' })).result).toEqual({ other: true });
    });

    it('with neither package.json nor index.js, or that is broken, is a developer error', async () => {
      const outcome = await bench.nodejs(zipOf({ 'app.js': '' }), { binary: true });
      const reason = 'Zipped actions must contain either package.json or index.js at the root.';
      expect(outcome).toMatchObject({
        statusCode: 2,
        result: { error: `Initialization has failed due to: ${reason}` },
      });
      const cut = Buffer.from(zipOf({ 'index.js': 'x' }), 'base64')
        .subarray(0, 40)
        .toString('base64');
      expect(await bench.nodejs(cut, { binary: true })).toMatchObject({
        result: { error: 'Initialization has failed due to: There was an error uncompressing the action archive.' },
      });
    });
  });
});

describe('unpacking a zip', () => {
  const root = mkdtempSync(path.join(tmpdir(), 'pdfmagic-unzip-test-'));
  afterAll(() => rm(root, { recursive: true }));
  const makeFolder = (name: string) => {
    mkdirSync(path.join(root, name));
    return path.join(root, name);
  };
  const big = 'x'.repeat(1_000_000);

  it.each([0o077, 0o022, 0])(
    'makes files readable by all and writable by none, with the umask %i, too',
    async (umask) => {
      const folder = makeFolder(`umask-${umask}`);
      const usual = process.umask(umask);
      const names = await unzip(Buffer.from(zipOf({ 'a.py': 'A = 1\n', 'b/c/d.bin': big }), 'base64'), folder).finally(
        () => process.umask(usual),
      );
      const modeOf = (name: string) => statSync(path.join(folder, name)).mode & 0o777;
      expect(names).toEqual(['a.py', 'b/c/d.bin']);
      expect(readdirSync(folder).sort()).toEqual(['a.py', 'b']);
      expect(['a.py', 'b/c/d.bin', '', 'b', 'b/c'].map(modeOf)).toEqual([0o444, 0o444, 0o755, 0o755, 0o755]);
      expect(readFileSync(path.join(folder, 'b/c/d.bin'), 'utf8')).toBe(big);
    },
  );

  it.each([-1, 1])(
    'refuses a file, small or large, whose size is not what the zip declares (by %i)',
    async (difference) => {
      for (const [name, content] of [['small', 'A = 1\n'] as const, ['large', big] as const]) {
        const bytes = Buffer.from(zipOf({ [name]: content }), 'base64');
        const listed = bytes.indexOf('PK\x01\x02', 0, 'latin1');
        bytes.writeUInt32LE(content.length + difference, listed + 24);
        await expect(unzip(bytes, makeFolder(`${name}${difference}`))).rejects.toThrow(ZipError);
      }
    },
  );
});
