import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { chooseDefaultPython, ensureVirtualenv, findInterpreter, PackagingError } from '../../infra/packaging';
import { makeVenv } from '../../infra/packaging/venv';
import { SMALL_PINS, temporaryFolder, writeFiles } from './folders';

const imports = (python: string, module: string) => execFileSync(python, ['-c', `import ${module}`]).length === 0;
const builds = (dir: string) => readdirSync(dir).filter((name) => /^\d+-/.test(name));

describe('ensureVirtualenv', () => {
  const root = temporaryFolder();
  const dir = path.join(root, 'tool');

  it('installs the pinned requirements once, for two that ask at once, and then says nothing', async () => {
    const lines: string[] = [];
    const args = { dir, title: 'a tool', requirements: SMALL_PINS, onProgress: (line: string) => lines.push(line) };
    const [first, second] = await Promise.all([ensureVirtualenv(args), ensureVirtualenv(args)]);
    expect(second.path).toBe(first.path);
    expect(imports(first.python, 'delegator')).toBe(true);
    expect(lines).toHaveLength(1);
    expect((await ensureVirtualenv(args)).path).toBe(first.path);
    expect(lines).toHaveLength(1);
  });

  it('makes it anew when its interpreter has gone, and removes what an interrupted build left', async () => {
    const before = await ensureVirtualenv({ dir, title: 'a tool', requirements: SMALL_PINS });
    rmSync(before.python);
    const abandoned = path.join(dir, '999999999-0123abcd');
    mkdirSync(path.join(abandoned, 'bin'), { recursive: true });
    const after = await ensureVirtualenv({ dir, title: 'a tool', requirements: SMALL_PINS });
    expect(after.path).not.toBe(before.path);
    expect(imports(after.python, 'delegator')).toBe(true);
    expect(existsSync(abandoned)).toBe(false);
    expect(builds(dir)).toContain(path.basename(after.path));
  });

  it('refuses a package that is not the pinned one, and leaves nothing behind', async () => {
    const pins = path.join(root, 'forged.txt');
    writeFileSync(pins, readFileSync(SMALL_PINS, 'utf8').replace(/sha256:[0-9a-f]{64}/g, `sha256:${'0'.repeat(64)}`));
    const forged = path.join(root, 'forged');
    await expect(ensureVirtualenv({ dir: forged, title: 'a tool', requirements: pins })).rejects.toThrow(
      /not the pinned one/,
    );
    expect(readdirSync(forged)).toEqual([]);
  });

  it('unpacks the pip that Python brings, without installing it; a Python that keeps it elsewhere does that its own way', async () => {
    const bare = path.join(root, 'bare');
    await makeVenv('python3', bare, 'making it');
    const [library = ''] = readdirSync(path.join(bare, 'lib'));
    const packages = path.join(bare, 'lib', library, 'site-packages');
    expect(readdirSync(packages, { recursive: true }).filter((file) => /\.pyc$|^setuptools/.test(`${file}`))).toEqual(
      [],
    );
    const python = path.join(bare, 'bin', 'python');
    expect(execFileSync(python, ['-m', 'pip', '--version'], { encoding: 'utf8' })).toContain(packages);

    const asked = 'venv.create = lambda folder, **options: sys.exit("asked for %s" % options)';
    const lost = `import sys, venv, ensurepip; ensurepip.version = lambda: "none"; ${asked}\n`;
    writeFileSync(path.join(packages, 'lost.pth'), lost);
    await expect(makeVenv(python, path.join(root, 'never'), 'making it')).rejects.toThrow("'with_pip': True");
  });

  it.each([
    ['ensurepip is not available', 'python3-venv'],
    ['OSError: [Errno 28] No space left on device', 'disk is full'],
    ["Failed to establish a new connection: [Errno -3] Temporary failure in name resolution')", 'network'],
    ['No matching distribution found for x (from versions: none)', 'not available for this machine'],
    ['something else', 'something else'],
  ])('explains "%s"', async (said, words) => {
    const python = path.join(writeFiles(path.join(root, 'broken'), { python3: '' }), 'python3');
    writeFileSync(python, `#!/bin/sh\ncase "$*" in *version_info*) echo 3.11;; *) echo "${said}"; exit 1;; esac\n`);
    chmodSync(python, 0o755);
    const failed = ensureVirtualenv({
      dir: path.join(root, 'never'),
      title: 'a tool',
      requirements: SMALL_PINS,
      python,
    });
    await expect(failed).rejects.toThrow(PackagingError);
    await expect(failed).rejects.toThrow(words);
  });
});

describe('findInterpreter', () => {
  const root = temporaryFolder();

  it('tells the version of the interpreter', async () => {
    const { command, version } = await findInterpreter(chooseDefaultPython());
    const actual = execFileSync(command, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], {
      encoding: 'utf8',
    });
    expect(version).toBe(actual.trim());
  });

  it('takes the version from a name, without starting it', async () => {
    const python = path.join(root, 'python3.12');
    writeFileSync(python, '#!/bin/sh\ntouch started\n', { mode: 0o755 });
    symlinkSync(python, path.join(root, 'python3'));
    expect(await findInterpreter(path.join(root, 'python3'))).toMatchObject({ version: '3.12' });
    expect(existsSync(path.join(root, 'started'))).toBe(false);
  });

  it('says what to do when there is none', async () => {
    await expect(findInterpreter('python3.99')).rejects.toThrow(/no Python interpreter 'python3.99'.*apt install/s);
  });

  it('refuses what is no Python 3', async () => {
    await expect(findInterpreter('/bin/echo')).rejects.toThrow(/not Python 3/);
  });
});
