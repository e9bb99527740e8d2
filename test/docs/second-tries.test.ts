/** What CI says of tests that pass only when they are tried again. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';

const ROOT = path.resolve(__dirname, '../..');
const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-tries-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs these tests as CI does, with the real vitest and the reporter of this project. */
function runTests(tests: string): { status: number | null; stdout: string } {
  const reporter = JSON.stringify(path.join(ROOT, 'test/second-tries.mts'));
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  writeFileSync(path.join(folder, 'some.test.ts'), `import { expect, test } from 'vitest';\nlet tries = 0;\n${tests}`);
  writeFileSync(
    path.join(folder, 'vitest.config.mts'),
    `import { readRetries, SecondTries } from ${reporter};
export default { test: { retry: readRetries(), reporters: [new SecondTries(), 'default'] } };\n`,
  );
  return spawnSync(process.execPath, [path.join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run'], {
    cwd: folder,
    env: { ...process.env, PDFMAGIC_TEST_RETRIES: '1', NO_COLOR: '1', VITEST: undefined },
    encoding: 'utf8',
  });
}

test('one that fails twice fails; one that passes at the second try is named, with why it failed, before the summary', () => {
  const { status, stdout } = runTests(`
test('never passes', () => expect(1).toBe(2));
test('passes later', () => expect(tries++).toBe(1));
`);
  expect(status).toBe(1);
  expect(stdout).toContain('1 failed | 1 passed');
  const said = stdout.split('Failed at first, and passed when tried again:\n')[1] ?? '';
  expect(said).toMatch(/^ {2}some\.test\.ts > passes later\n {4}expected \+?0 to be 1.*\n/);
  expect(said.trim().split('\n').at(-1)).toMatch(/Duration/);
});
