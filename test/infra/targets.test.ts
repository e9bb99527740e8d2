/** A new target changes nothing but its own files and the tables: nobody else names targets. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { KEYS } from '../../infra/config/keys/all-keys';
import type { Target } from '../../infra/config/target';
import { TARGETS } from '../../infra/config/targets/all-targets';

const ROOT = path.resolve(__dirname, '../..');
const FILES = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');
const AWAY = Object.keys(TARGETS).filter((name) => name !== 'local');

/** Lines of these files that match, as `FILE: LINE`. */
function findLines(files: readonly string[], isFound: (line: string) => boolean): string[] {
  return files.flatMap((file) => {
    const lines = readFileSync(path.join(ROOT, file), 'utf8').split('\n');
    return lines.filter(isFound).map((line) => `${file}: ${line}`);
  });
}

/** Whether a line of code has the name of a target as a text of its own. `impl` is a value of OpenWhisk's chart. */
const namesTarget = (line: string) => AWAY.some((name) => line.replace(/impl: '\w+'/, '').includes(`'${name}'`));
/** Whether a line of Markdown lists targets. */
const listsTargets = (line: string) => AWAY.filter((name) => line.includes(`\`${name}\``)).length > 1;

describe.each(Object.entries<Target>(TARGETS))('target %s', (name, target) => {
  test('has a file for its config, and a folder that makes its platform', () => {
    expect(existsSync(path.join(ROOT, 'infra/config/targets', `${name}.ts`))).toBe(true);
    expect(existsSync(path.join(ROOT, 'infra/targets', name))).toBe(true);
  });

  test('defines no key otherwise than the other targets do', () => {
    for (const [key, definition] of Object.entries(target.keys)) expect(KEYS[key], key).toBe(definition);
  });
});

test('no code of the program but that of the targets names one', () => {
  const sources = FILES.filter((file) => file.endsWith('.ts') && !file.startsWith('test/'));
  const others = sources.filter((file) => !/^infra\/(config\/)?targets\//.test(file));
  expect(findLines(others, namesTarget)).toEqual([]);
});

test('no text lists targets but the table that `npm run docs` writes', () => {
  const texts = FILES.filter((file) => file.endsWith('.md'));
  const lines = findLines(texts, listsTargets);
  expect(lines.filter((line) => !/^infra\/README\.md: \| `/.test(line))).toEqual([]);
});

test.each([
  [namesTarget, "if (config.target === 'gke') return;", true],
  [namesTarget, "import * as kubernetes from '@pulumi/kubernetes';", false],
  [listsTargets, 'For the targets `kubernetes` and `gke`:', true],
  [listsTargets, 'On `gke`, both are created.', false],
])('%o finds such a line: %s', (find, line, found) => {
  expect(find(line)).toBe(found);
});
