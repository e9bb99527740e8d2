import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { explainFileError } from '../../ground/file-error';

const refuse = (code: string, more: object = {}) =>
  Object.assign(new Error(`${code}: refused`), { code, syscall: 'open', path: '/data/x', ...more });

test.each([
  ['EROFS', 'Cannot write /data/x: its disk is read-only. Make it writable and try again.'],
  ['ENOSPC', 'Cannot write /data/x: the disk is full. Make room and try again.'],
  ['EACCES', 'Cannot write /data/x: you may not write to its folder. Change its owner or mode and try again.'],
])('what the file system refuses is said with the file and what to do: %s', (code, words) => {
  expect(explainFileError(refuse(code))).toBe(words);
});

test('other errors are not taken for it', () => {
  expect(explainFileError(refuse('ENOENT'))).toBeUndefined();
  expect(explainFileError(Object.assign(new Error('x'), { code: 'EACCES' }))).toBeUndefined();
  expect(explainFileError('EROFS')).toBeUndefined();
});

test('a folder that is missing below a writable one is no refusal', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-file-error-'));
  expect(explainFileError(refuse('ENOENT', { syscall: 'mkdir', path: path.join(folder, 'a', 'b') }))).toBeUndefined();
  rmSync(folder, { recursive: true });
});
