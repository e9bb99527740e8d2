/** The packages that OpenWhisk's own runtimes bring along: installed on demand, else their absence is told with the way out. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findRuntimes } from '../../platform/invoker/runtimes/catalogue';
import { installPackages, PACKAGES_DIR } from '../../platform/invoker/runtimes/packages';
import { inBothKinds } from './harness';
import { zipOf } from './zips';

/** By import name, what apache/openwhisk-runtime-python installs (core/python311Action/requirements.txt). */
const PYTHON = [
  ...['bs4', 'httplib2', 'kafka', 'lxml.etree', 'dateutil.parser', 'requests', 'scrapy', 'simplejson', 'virtualenv'],
  ...['twisted.internet', 'netifaces', 'setuptools'],
];
/** What apache/openwhisk-runtime-nodejs installs (core/nodejsActionBase/package.json). */
const NODEJS = ['openwhisk', 'express', 'serialize-error', 'redis', 'uuid'];

const none = mkdtempSync(path.join(tmpdir(), 'no-packages-'));
afterAll(() => rmSync(none, { recursive: true, force: true }));

describe('without the packages of the runtimes', () => {
  inBothKinds(
    (bench) => {
      it('a Python action that imports one is told how to have it, whenever it does', async () => {
        const atStart = await bench.python('import requests\ndef main(a):\n    return a\n');
        expect(atStart).toMatchObject({
          statusCode: 2,
          result: {
            error: expect.stringMatching(
              /^Cannot start action. Check logs for details. 'requests' is one of .*`npm run runtime-packages`/,
            ),
          },
        });
        const later = await bench.python('def main(a):\n    from bs4 import BeautifulSoup\n');
        expect(later).toMatchObject({
          statusCode: 1,
          result: {
            error: expect.stringMatching(/^No module named 'bs4' 'bs4' is one of .*`npm run runtime-packages`/),
          },
        });
      });

      it('a Node.js action that requires one is told how to have it, whenever it does', async () => {
        const way = /'openwhisk' is one of .*`npm run runtime-packages`/;
        const atStart = await bench.nodejs("const openwhisk = require('openwhisk'); function main() {}");
        expect(atStart).toMatchObject({ statusCode: 2, result: { error: expect.stringMatching(way) } });
        const later = await bench.nodejs("function main() { return require('openwhisk') }");
        expect(later).toMatchObject({ statusCode: 2, result: { error: expect.stringMatching(way) } });
        const rejected = await bench.nodejs("async function main() { return require('openwhisk') }");
        expect(rejected.result).toMatchObject({ error: { message: expect.stringMatching(way) } });
      });

      it('what no runtime brings is missing in the plain words of its language', async () => {
        const python = await bench.python('import no_such_module\n');
        expect(python.result).toEqual({ error: 'Cannot start action. Check logs for details.' });
        const nodejs = await bench.nodejs("require('no-such-module')");
        expect(JSON.stringify(nodejs.result)).not.toContain('runtime-packages');
      });
    },
    { packages: none },
  );
});

describe('with the packages of the runtimes', () => {
  beforeAll(async () => {
    for (const runtime of (await findRuntimes()).runtimes) await installPackages(runtime, PACKAGES_DIR, () => {});
  }, 600_000);

  inBothKinds(
    (bench) => {
      it('a Python action imports all of them, also in a process that it starts', async () => {
        const code = `import importlib, multiprocessing
def name(module):
    return importlib.import_module(module).__name__
def main(args):
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return {"here": [name(module) for module in args["modules"]], "there": pool.map(name, ["requests", "lxml.etree"])}
`;
        const outcome = await bench.python(code, { parameters: { modules: PYTHON }, limits: { memory: 512 } });
        expect(outcome.result, outcome.logs.join('\n')).toEqual({ here: PYTHON, there: ['requests', 'lxml.etree'] });
      });

      it('a Node.js action requires all of them', async () => {
        const code = `function main() {
  return Object.fromEntries(${JSON.stringify(NODEJS)}.map((name) => [name, typeof require(name)]));
}`;
        const outcome = await bench.nodejs(code);
        expect(Object.keys(outcome.result as object)).toEqual(NODEJS);
        expect(JSON.stringify(outcome.result)).not.toContain('undefined');
      });

      it('what an action brings itself goes before them', async () => {
        const python = zipOf({
          '__main__.py': 'import requests\ndef main(a):\n    return {"whose": requests.WHOSE}\n',
          'requests/__init__.py': 'WHOSE = "the action\'s"\n',
        });
        expect((await bench.python(python, { binary: true })).result).toEqual({ whose: "the action's" });
        const nodejs = zipOf({
          'index.js': "exports.main = () => ({ whose: require('uuid').whose });",
          'node_modules/uuid/index.js': 'exports.whose = "the action\'s";',
        });
        expect((await bench.nodejs(nodejs, { binary: true })).result).toEqual({ whose: "the action's" });
      });

      it('an action cannot change them, and sees nothing of how they came', async () => {
        const code = `import os, requests
def main(args):
    folder = os.path.dirname(requests.__file__)
    try:
        open(os.path.join(folder, "planted.py"), "w")
        return {"wrote": True}
    except OSError:
        return {"wrote": False, "environment": sorted(k for k in os.environ if "PATH" in k or "PACKAGES" in k)}
`;
        const kept = await bench.python(code);
        if (bench.invoker.sandbox.kind === 'bubblewrap' || process.getuid?.() === 0) {
          expect(kept.result).toMatchObject({ wrote: false });
        }
        const nodejs = await bench.nodejs('function main() { return { path: process.env.NODE_PATH ?? null } }');
        expect(nodejs.result).toEqual({ path: null });
      });
    },
    { packages: PACKAGES_DIR },
  );
});
