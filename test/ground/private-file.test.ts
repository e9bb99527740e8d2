/** A private file: its owner's alone whatever the umask, and never half-written. */
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writePrivateFile } from '../../ground/private-file';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-ground-'));
  file = path.join(folder, 'key');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('is only its owner’s, also in place of one that everybody may read', () => {
  writeFileSync(file, 'old');
  chmodSync(file, 0o644);
  writePrivateFile(file, 'new');
  expect(readFileSync(file, 'utf8')).toBe('new');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['key']);
});

test('replaces a link, and leaves alone what that led to', () => {
  const other = path.join(folder, 'other');
  writeFileSync(other, 'old');
  symlinkSync(other, file);
  writePrivateFile(file, 'new');
  expect(readFileSync(other, 'utf8')).toBe('old');
  expect(readFileSync(file, 'utf8')).toBe('new');
});

test('that cannot be written is said so, and the old one stays', () => {
  expect(() => writePrivateFile(path.join(folder, 'missing', 'key'), 'new')).toThrow('ENOENT');
});
