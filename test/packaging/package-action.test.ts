import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  chooseDefaultPython,
  findInterpreter,
  type PackagedAction,
  PackagingError,
  packageAction,
} from '../../infra/packaging';
import { SMALL_PINS, temporaryFolder, writeFiles } from './folders';

const MAIN = 'def main(args):\n    return {}\n';
const sha256 = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
/** Names, modes and times, as another program than archiver reads them. */
const listing = (file: string): Array<[name: string, mode: number, year: number]> => {
  const program =
    'import json, sys, zipfile\n' +
    'print(json.dumps([(i.filename, i.external_attr >> 16, i.date_time[0]) for i in zipfile.ZipFile(sys.argv[1]).infolist()]))';
  return JSON.parse(execFileSync(chooseDefaultPython(), ['-c', program, file], { encoding: 'utf8' }));
};
const names = (file: string) => listing(file).map(([name]) => name);

describe('packageAction', () => {
  const root = temporaryFolder();
  const other = temporaryFolder();
  const source = writeFiles(path.join(root, 'source'), { '__main__.py': MAIN, 'part/__init__.py': '' });
  const shared = writeFiles(path.join(root, 'shared'), { 'a.py': 'A = 1\n', '__pycache__/b.cpython-311.pyc': 'x' });
  const buildDir = path.join(root, 'build');
  const args = {
    name: 'demo',
    sources: { '': source, shared },
    requirements: SMALL_PINS,
    libraries: 'delegator',
    buildDir,
  };
  let first: PackagedAction;

  beforeAll(async () => {
    first = await packageAction(args);
  });

  it('holds the sources, the libraries and the script that activates them', async () => {
    const { version } = await findInterpreter(chooseDefaultPython());
    expect(names(first.file)).toEqual(
      expect.arrayContaining([
        '__main__.py',
        'part/__init__.py',
        'shared/a.py',
        'virtualenv/bin/activate_this.py',
        `virtualenv/lib/python${version}/site-packages/delegator.py`,
      ]),
    );
  });

  it('holds no interpreter, no link, no installer and nothing that tells where it was made', () => {
    for (const [name, mode, year] of listing(first.file)) {
      expect(name).not.toMatch(/^\/|\.\.|\/RECORD$|\/pip\/|\/setuptools\/|bin\/python/);
      expect([mode, year]).toEqual([0o100644, 1980]);
    }
    const unpacked = execFileSync(
      chooseDefaultPython(),
      [
        '-c',
        'import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\nfor n in z.namelist(): sys.stdout.buffer.write(z.read(n))',
        first.file,
      ],
      { maxBuffer: 1 << 28 },
    );
    expect(unpacked.includes(root)).toBe(false);
  });

  it('holds byte code of each module by which no time and no source is asked, and nobody else’s', () => {
    const python = (program: string, ...args: string[]) =>
      execFileSync(chooseDefaultPython(), ['-I', '-B', '-c', program, ...args], { encoding: 'utf8' });
    const folder = path.join(root, 'unpacked');
    python('import sys, zipfile\nzipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])', first.file, folder);
    // Would be seen if it were asked for: other times, and other sources of the same modules.
    for (const name of ['__main__.py', 'part/__init__.py', 'shared/a.py']) {
      writeFileSync(path.join(folder, name), 'raise RuntimeError("compiled anew")\n');
      utimesSync(path.join(folder, name), 1, 1);
    }
    const program =
      'import sys\nsys.path[:0] = sys.argv[1:]\nimport __main__ as own, importlib.util, shared.a, part, delegator\n' +
      'spec = importlib.util.spec_from_file_location("main__", sys.argv[1] + "/__main__.py")\n' +
      'main = importlib.util.module_from_spec(spec)\nspec.loader.exec_module(main)\n' +
      'print(shared.a.A, main.main({}), shared.a.__cached__)';
    const site = path.dirname(names(first.file).find((name) => name.endsWith('/delegator.py')) ?? '');
    expect(python(program, folder, path.join(folder, site))).toMatch(
      /^1 \{\} .*shared\/__pycache__\/a\.cpython-3\d+\.pyc$/m,
    );
    expect(names(first.file).filter((name) => /(^|shared\/)__pycache__/.test(name))).toEqual([
      expect.stringMatching(/^__pycache__\/__main__\.cpython-/),
      expect.stringMatching(/^__pycache__\/main__\.cpython-/),
      expect.stringMatching(/^shared\/__pycache__\/a\.cpython-/),
    ]);
  });

  it('tells size and hash of the file', () => {
    expect(first.sha256).toBe(sha256(first.file));
    expect(first.bytes).toBe(readFileSync(first.file).length);
  });

  it('is the same, byte for byte, in another folder, at another time, with other modes', async () => {
    const copy = writeFiles(path.join(other, 'x'), { 'part/__init__.py': '', '__main__.py': MAIN });
    chmodSync(path.join(copy, '__main__.py'), 0o700);
    utimesSync(path.join(copy, '__main__.py'), 0, 0);
    const again = await packageAction({ ...args, sources: { shared, '': copy }, buildDir: path.join(other, 'build') });
    expect(again.sha256).toBe(first.sha256);
    expect(again.file).not.toBe(first.file);
  });

  it('is found again without starting Python, and without a word', async () => {
    const { version } = await findInterpreter(chooseDefaultPython());
    const python = path.join(root, `python${version}`);
    writeFileSync(python, '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    const onProgress = (line: string) => expect.unreachable(line);
    expect(await packageAction({ ...args, python, onProgress })).toEqual(first);
  });

  it('is built anew when a source changes, and says so', async () => {
    const lines: string[] = [];
    const changed = writeFiles(path.join(root, 'changed'), { '__main__.py': `${MAIN}# changed\n` });
    const onProgress = (line: string) => lines.push(line);
    const second = await packageAction({ ...args, sources: { '': changed }, onProgress });
    expect(second.sha256).not.toBe(first.sha256);
    expect(lines).toEqual([expect.stringMatching(/^demo: zipping \d+ files/)]);
  });

  it('is built anew when a file is only renamed', async () => {
    const renamed = writeFiles(path.join(root, 'renamed'), { '__main__.py': MAIN, 'piece/__init__.py': '' });
    expect((await packageAction({ ...args, sources: { '': renamed, shared } })).sha256).not.toBe(first.sha256);
  });

  it('never takes a half-written file, and keeps its folder out of git', async () => {
    const folder = path.join(buildDir, 'actions');
    writeFileSync(path.join(folder, `.demo-1-${'a'.repeat(8)}`), 'half');
    expect(await packageAction(args)).toEqual(first);
    expect(readFileSync(path.join(buildDir, '.gitignore'), 'utf8')).toBe('*\n');
  });

  it('never takes a zip whose content was changed: builds it anew, and says so', async () => {
    const lines: string[] = [];
    writeFileSync(first.file, 'garbage');
    expect(await packageAction({ ...args, onProgress: (line) => lines.push(line) })).toEqual(first);
    expect(sha256(first.file)).toBe(first.sha256);
    expect(lines[0]).toMatch(/^demo: .*demo-.*\.zip has changed since it was built/);
  });

  it('refuses sources that are no valid Python, and says where', async () => {
    const broken = writeFiles(path.join(root, 'broken'), {
      '__main__.py': `${MAIN}\ndef broken(:\n    pass\n`,
      'part/zero.py': 'A = 1\n\0',
      'data.txt': 'def broken(:',
    });
    const packaging = packageAction({ ...args, sources: { '': broken, shared } });
    const message = await packaging.catch((error: unknown) => {
      expect(error).toBeInstanceOf(PackagingError);
      return (error as Error).message;
    });
    expect(message).toContain(`${path.join(broken, '__main__.py')}:4: invalid syntax`);
    expect(message).toMatch(/part\/zero\.py:\d+: .*null bytes/);
    expect(message).not.toContain('data.txt');
    expect(readdirSync(path.join(broken, 'part'))).toEqual(['zero.py']);
  });

  it('removes zips of earlier sources after a day', async () => {
    const folder = path.join(buildDir, 'actions');
    const old = writeFiles(path.join(root, 'old'), { '__main__.py': `${MAIN}# old\n` });
    const { file } = await packageAction({ ...args, sources: { '': old } });
    const twoDaysAgo = Date.now() / 1000 - 2 * 24 * 60 * 60;
    utimesSync(file, twoDaysAgo, twoDaysAgo);
    const next = writeFiles(path.join(root, 'next'), { '__main__.py': `${MAIN}# next\n` });
    const { file: kept } = await packageAction({ ...args, sources: { '': next } });
    expect(readdirSync(folder)).not.toContain(path.basename(file));
    expect(readdirSync(folder)).toContain(path.basename(kept));
  });

  it('refuses sources without __main__.py', async () => {
    await expect(packageAction({ ...args, sources: { '': shared } })).rejects.toThrow(/no __main__\.py/);
  });

  it('refuses links', async () => {
    const linked = writeFiles(path.join(root, 'linked'), { '__main__.py': MAIN });
    symlinkSync('/etc/passwd', path.join(linked, 'passwd'));
    await expect(packageAction({ ...args, sources: { '': linked } })).rejects.toThrow(/neither a file nor a folder/);
  });

  it('refuses two files of one name', async () => {
    await expect(packageAction({ ...args, sources: { '': source, part: path.join(source, 'part') } })).rejects.toThrow(
      /part\/__init__\.py twice/,
    );
  });
});
