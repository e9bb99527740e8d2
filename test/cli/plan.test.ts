import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { plan } from '../../cli/convert/plan';

const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-plan-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('where PDFs go', () => {
  test('is beside each JPEG', () => {
    expect(plan(['a.jpg', 'b/c.JPEG', '/d/e.png'], undefined).map(({ target }) => target)).toEqual([
      'a.pdf',
      'b/c.pdf',
      '/d/e.png.pdf',
    ]);
  });
  test('is the folder that is named, which is made', () => {
    const into = path.join(folder, 'new/er');
    expect(plan(['a/b.jpg'], into)).toEqual([{ file: 'a/b.jpg', target: path.join(into, 'b.pdf') }]);
  });
  test('is one place for a file that is named twice', () => {
    expect(plan(['a.jpg', './a.jpg'], undefined)).toHaveLength(1);
  });
  test('is refused, before anything is sent, when two would be one', () => {
    expect(() => plan(['a/x.jpg', 'b/x.jpg'], folder)).toThrow(/a\/x.jpg and b\/x.jpg would both become/);
    expect(() => plan(['x.jpg', 'x.jpeg'], undefined)).toThrow('x.jpg and x.jpeg would both become x.pdf');
  });
  test('is refused when it is no folder', () => {
    writeFileSync(path.join(folder, 'file'), '');
    expect(() => plan(['a.jpg'], path.join(folder, 'file'))).toThrow(/is a file/);
    expect(() => plan(['a.jpg'], path.join(folder, 'file/below'))).toThrow(/cannot be made/);
  });
});
