import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const ROOT = path.resolve(__dirname, '../..');

/** The last cell of each row, its names in the folder that the table's head names, if it names one. */
function testsNamed(markdown: string): string[] {
  let folder = 'test';
  return markdown.split('\n').flatMap((line) => {
    const head = /\| test(?: in `([^`]+)`)? \|$/.exec(line);
    if (head) folder = head[1] ?? '';
    const cell = /\|([^|]*)\|$/.exec(line)?.[1] ?? '';
    if (head || !line.startsWith('| ')) return [];
    let last = folder;
    return [...cell.matchAll(/`([\w/-]+)`/g)].map(([, name = '']) => {
      if (!name.includes('/')) return path.join(last, name);
      last = path.dirname(name);
      return name;
    });
  });
}

test('SECURITY.md names tests that there are', () => {
  const tables = readFileSync(path.join(ROOT, 'SECURITY.md'), 'utf8').split('## A caller without a key')[1] ?? '';
  const named = testsNamed(tables);
  expect(named.length).toBeGreaterThan(40);
  const isTest = (name: string) =>
    existsSync(path.join(ROOT, `${name}.test.ts`)) ||
    (existsSync(path.join(ROOT, name)) && readdirSync(path.join(ROOT, name)).some((file) => file.endsWith('.test.ts')));
  expect(named.filter((name) => !isTest(name))).toEqual([]);
});
