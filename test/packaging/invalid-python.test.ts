import { expect, test } from 'vitest';
import { InvalidPython, mergeInvalid } from '../../infra/packaging/invalid-python';

test('a fault in a file that actions share is told once, with all of them', () => {
  const shared = 'pdfmagic/pdf.py:3: invalid syntax';
  const own = 'v1/__main__.py:1: invalid syntax';
  const faults = [new InvalidPython(['v0'], '3.11.2', [shared]), new InvalidPython(['v1'], '3.11.2', [own, shared])];
  expect(mergeInvalid(faults).map(({ message }) => message)).toEqual([
    `v0, v1 are not valid Python 3.11.2. Correct this line:\n${shared}`,
    `v1 is not valid Python 3.11.2. Correct this line:\n${own}`,
  ]);
});
