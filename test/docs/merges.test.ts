import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';

test('no file of the project has the marks of an unfinished merge', () => {
  const root = path.join(__dirname, '..', '..');
  // The pattern does not match itself; git grep answers 1 where nothing is found.
  const { status, stdout } = spawnSync('git', ['grep', '-nE', '^(<{7}|>{7}) '], { cwd: root, encoding: 'utf8' });
  expect(stdout).toBe('');
  expect(status).toBe(1);
});
