/** What people read names every way and every action; and code outside the contract names a way only where that way is meant. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { WAY_NAMES, WAYS } from '../../contract/ways';
import { listActions } from '../../infra/packaging';

const ROOT = path.join(__dirname, '..', '..');
const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');

describe.each(WAY_NAMES)('%s', (way) => {
  test('is in the picture and in the table of README.md, with its command', () => {
    const lines = read('README.md').split('\n');
    expect(lines.filter((line) => line.includes(`["${way}: `))).toHaveLength(1);
    const [row] = lines.filter((line) => line.startsWith(`${way}   `));
    // A long command goes on in the next line.
    expect(row).toContain(WAYS[way].command.split(' --')[0]);
  });

  test('is in the tables of actions/README.md: what it is, and where its parameters go', () => {
    const rows = read('actions/README.md').split('\n');
    expect(rows.filter((row) => row.startsWith(`| ${way} | `))).toHaveLength(1);
  });
});

test('actions/README.md has a row for each action', () => {
  const page = read('actions/README.md');
  const actions = [...listActions('__main__.py'), ...listActions('index.js')];
  expect(actions.length).toBeGreaterThan(5);
  expect(actions.filter((action) => !page.includes(`\n| \`${action}\` | `))).toEqual([]);
});

test('no text counts the ways', () => {
  const counted = /\b(four|five|all (of )?the \w+) ways\b/i;
  const files = execFileSync('git', ['ls-files', '*.md', '*.ts', '*.mjs'], { cwd: ROOT, encoding: 'utf8' })
    .trim()
    .split('\n');
  // The lab has four; docs/photographs.md compares four ways to make a PDF.
  const others = files.filter((file) => !/^(test|docs\/(lab|photographs))/.test(file));
  expect(others.filter((file) => counted.test(read(file)))).toEqual([]);
});

test('infra/ and cli/ name no way by an event: what they do for it follows from its row', () => {
  // The bench measures each way by name.
  const files = execFileSync('git', ['ls-files', 'infra/*.ts', 'cli/*.ts', ':!cli/bench'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const naming = files
    .trim()
    .split('\n')
    .filter((file) => /(?<!helm[./]|python-)\bv3\b/.test(read(file)));
  expect(naming).toEqual([]);
});
