/** Commands run compiled code, and a change of a source takes effect at the next command: in a small project of the test. */
import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const ROOT = path.join(__dirname, '..', '..');
let project: string;

beforeEach(() => {
  project = mkdtempSync(path.join(tmpdir(), 'pdfmagic-compile-'));
  cpSync(path.join(ROOT, 'compile'), path.join(project, 'compile'), { recursive: true });
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(project, 'node_modules'));
  for (const folder of ['actions', 'cli', 'contract', 'feed', 'ground', 'infra', 'platform', 'runner', 'sandbox'])
    mkdirSync(path.join(project, folder));
  write('index.ts', '');
  write('ground/word.ts', "export const word: string = 'old';\n");
  write('cli/main.ts', "import { word } from '../ground/word';\nconsole.log(word);\n");
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

function write(file: string, text: string): void {
  writeFileSync(path.join(project, file), text);
}

const COMPILED = () => path.join(project, 'build/compiled');

/** Runs the program; `NODE_DEBUG` would tell of a transpiler. */
async function run(env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, command(), { env: environment(env), cwd: project });
  return stdout.trim();
}

const command = () => ['--require', path.join(project, 'compile/register.js'), path.join(project, 'cli/main.ts')];
const environment = (env: NodeJS.ProcessEnv) => ({ PATH: process.env.PATH, HOME: path.join(project, 'home'), ...env });

describe('a change takes effect at the next command', () => {
  test('of the file that is run, and of one that it imports', async () => {
    expect(await run()).toBe('old');
    write('ground/word.ts', "export const word: string = 'new';\n");
    expect(await run()).toBe('new');
    write('cli/main.ts', "import { word } from '../ground/word';\nconsole.log(word.concat('er'));\n");
    expect(await run()).toBe('newer');
  });

  test('although size and time are the same, and although the clock was set back', async () => {
    const file = path.join(project, 'ground/word.ts');
    expect(await run()).toBe('old');
    const { atime, mtime } = statSync(file);
    write('ground/word.ts', "export const word: string = 'new';\n");
    utimesSync(file, atime, mtime);
    expect(await run()).toBe('new');
    write('ground/word.ts', "export const word: string = 'odd';\n");
    utimesSync(file, new Date(0), new Date(0));
    expect(await run()).toBe('odd');
  });

  test('also back to what it was before', async () => {
    expect(await run()).toBe('old');
    write('ground/word.ts', "export const word: string = 'new';\n");
    expect(await run()).toBe('new');
    write('ground/word.ts', "export const word: string = 'old';\n");
    expect(await run()).toBe('old');
  });
});

describe('what is compiled', () => {
  test('is run without a transpiler', async () => {
    await run();
    const { stderr } = spawnSync(process.execPath, command(), {
      env: environment({ NODE_DEBUG: 'module' }),
      encoding: 'utf8',
    });
    expect(stderr).toMatch(/load "[^"]*cli\/main\.ts"/);
    expect(stderr).not.toMatch(/load "[^"]*(esbuild|tsx|typescript)/);
  });

  test('of a file that is half there is not used', async () => {
    await run();
    const compiled = path.join(COMPILED(), 'ground/word.ts.js');
    truncateSync(compiled, readFileSync(compiled).length - 10);
    expect(await run()).toBe('old');
  });

  test('is whole after a process that compiled was killed', async () => {
    for (let index = 0; index < 60; index++) write(`ground/more-${index}.ts`, `export const n: number = ${index};\n`);
    for (const wait of [40, 80, 120, 160]) {
      rmSync(COMPILED(), { recursive: true, force: true });
      const child = spawn(process.execPath, [path.join(project, 'compile/compile-all.js')], { stdio: 'ignore' });
      await sleep(wait);
      child.kill('SIGKILL');
      await once(child, 'close');
      expect(await run()).toBe('old');
    }
  });

  test('serves any number of commands that begin at once', async () => {
    expect(new Set(await Promise.all([run(), run(), run(), run()]))).toEqual(new Set(['old']));
    expect(readdirSync(path.join(COMPILED(), 'ground')).sort()).toEqual(['word.ts.js', 'word.ts.js.map']);
  });

  test('is in one’s own home where the project’s folder takes nothing; without a home it is kept nowhere', async () => {
    write('build', 'a file, so no folder can be made below it');
    expect(await run()).toBe('old');
    expect(readdirSync(path.join(project, 'home/.cache/pdfmagic'))).toHaveLength(1);
    expect(await run({ HOME: '/nonexistent' })).toBe('old');
  });
});

describe('errors', () => {
  test('name the line of the source', async () => {
    write(
      'ground/word.ts',
      "interface Gone {\n  a: 1;\n}\n\nexport function word(): Gone {\n  throw new Error('no');\n}\n",
    );
    write('cli/main.ts', "import { word } from '../ground/word';\n\nword();\n");
    const failed = await run().catch((error: { stderr: string }) => error.stderr);
    expect(failed).toMatch(/at word \([^)]*ground\/word\.ts:6:9\)/);
    expect(failed).toMatch(/at [^\n]*cli\/main\.ts:3:/);
  });

  test('of syntax name the file, the line and what is wrong', async () => {
    write('ground/word.ts', 'export const word = ;\n');
    const failed = await run().catch((error: { stderr: string }) => error.stderr);
    expect(failed).toMatch(/ground\/word\.ts:1:20: ERROR: Unexpected ";"/);
  });
});
