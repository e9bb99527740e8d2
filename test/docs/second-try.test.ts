/** What CI does with files of tests that fail: they run once more, and are named. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const ROOT = path.resolve(__dirname, '../..');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-tries-'));
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  const reporter = JSON.stringify(path.join(ROOT, 'test/failed-files.mts'));
  writeFileSync(
    path.join(folder, 'vitest.config.mts'),
    `import { FailedFiles } from ${reporter};\nexport default { test: { reporters: [new FailedFiles(), 'default'] } };\n`,
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Each file writes down that it runs; FIRST is whether it does so for the first time. */
function addFile(name: string, code: string): void {
  writeFileSync(
    path.join(folder, `${name}.test.ts`),
    `import { appendFileSync, existsSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
const FIRST = !existsSync('${name}.runs');
appendFileSync('${name}.runs', 'x');
${code}`,
  );
}

/** Runs the files as CI does, with the real vitest. */
function runTests(secondTry = '1'): { status: number | null; stdout: string } {
  return spawnSync(process.execPath, [path.join(ROOT, 'test/run.mjs')], {
    cwd: folder,
    env: { ...process.env, PDFMAGIC_SECOND_TRY: secondTry, NO_COLOR: '1', VITEST: undefined },
    encoding: 'utf8',
  });
}

const countRuns = (name: string) => {
  const file = path.join(folder, `${name}.runs`);
  return existsSync(file) ? readFileSync(file, 'utf8').length : 0;
};
const GOOD = "test('passes', () => expect(1).toBe(1));";
const ONCE = "test('passes later', () => expect(FIRST).toBe(false));";
const NEVER = "test('never passes', () => expect(1).toBe(2));";

test('what failed runs once more in a new process, is named before that, and the summary ends the output', () => {
  addFile('good', GOOD);
  addFile('once', ONCE);
  addFile('hook', `beforeAll(() => expect(FIRST).toBe(false));\n${GOOD}`);
  const { status, stdout } = runTests();
  expect([status, countRuns('good'), countRuns('once'), countRuns('hook')]).toEqual([0, 1, 2, 2]);
  const [first = '', second = ''] = stdout.split('Failed, and run once more:\n');
  expect(first).toContain('× passes later');
  expect(second.split('\n').slice(0, 2).sort()).toEqual(['  hook.test.ts', '  once.test.ts']);
  expect(second).toContain('2 passed (2)');
  expect(second.trim().split('\n').at(-1)).toMatch(/Duration/);
});

test('what a failed test leaves behind does not keep its file from running once more', () => {
  addFile(
    'left',
    `test('passes later', async () => {
  if (FIRST) void Promise.reject(new Error('nobody handles it'));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(FIRST).toBe(false);
});`,
  );
  const { status, stdout } = runTests();
  expect(stdout).toContain('Failed, and run once more:\n  left.test.ts\n');
  expect([status, countRuns('left')]).toEqual([0, 2]);
});

test('what fails twice fails', () => {
  addFile('never', NEVER);
  addFile('once', ONCE);
  const { status, stdout } = runTests();
  expect([status, countRuns('never'), countRuns('once')]).toEqual([1, 2, 2]);
  expect(stdout).toContain('1 failed | 1 passed (2)');
});

test.each([
  [
    'many files fail',
    () => {
      for (const name of ['a', 'b', 'c', 'd']) addFile(name, ONCE);
    },
    '1',
  ],
  [
    'an error belongs to no test',
    () => addFile('a', `test('leaves one', () => void Promise.reject(new Error('nobody handles it')));`),
    '1',
  ],
  ['it is not asked for', () => addFile('a', ONCE), ''],
])('nothing runs once more when %s', (_when, prepare, secondTry) => {
  prepare();
  expect(runTests(secondTry).status).toBe(1);
  expect(countRuns('a')).toBe(1);
});
