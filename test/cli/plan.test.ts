import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { plan } from '../../cli/convert/plan';

const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-plan-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function made(name: string): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, 'x');
  return file;
}

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
    const file = made('a/x.jpg');
    symlinkSync(path.join(folder, 'a'), path.join(folder, 'link'));
    const names = [file, `${folder}/./a//x.jpg`, path.join(folder, 'link/x.jpg')];
    expect(plan(names, undefined)).toEqual([{ file, target: path.join(folder, 'a/x.pdf') }]);
  });
  test('is refused, before anything is sent, when two would be one', () => {
    const [first, second, third] = [made('a/x.jpg'), made('b/x.jpg'), made('a/x.jpeg')];
    expect(() => plan([first, second], folder)).toThrow(`${first} and ${second} would both become`);
    expect(() => plan([first, third], undefined)).toThrow(`${first} and ${third} would both become`);
  });
  test('is refused when it is no folder', () => {
    writeFileSync(path.join(folder, 'file'), '');
    expect(() => plan(['a.jpg'], path.join(folder, 'file'))).toThrow(/is a file/);
    expect(() => plan(['a.jpg'], path.join(folder, 'file/below'))).toThrow(/cannot be created/);
  });
});
