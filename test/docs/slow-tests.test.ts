import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { LONGEST, SLOW } from '../slow.mjs';

const TESTS = path.resolve(__dirname, '..');

/** `a/{b,c}.test.ts` as `a/b.test.ts` and `a/c.test.ts`. */
function expand(pattern: string): string[] {
  const [, before = '', names, after = ''] = /^(.*)\{(.*)\}(.*)$/.exec(pattern) ?? [];
  return names === undefined ? [pattern] : names.split(',').map((name) => `${before}${name}${after}`);
}

test('what test:quick leaves out, and what starts first, is there', () => {
  const files = readdirSync(TESTS, { recursive: true, encoding: 'utf8' });
  const names = [...SLOW.flatMap(expand), ...LONGEST.map((name) => `${name}.test.ts`)];
  expect(names.filter((name) => !files.includes(name.replace('/**', '')))).toEqual([]);
});
