import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CONTEXT, contentTag, SOURCES } from '../../infra/image/content-tag';

const RUNTIME = path.resolve(__dirname, '../..', CONTEXT);
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-tag-'));
  cpSync(RUNTIME, folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the tag of the runtime image', () => {
  test('is the same for the same content, wherever it is', () => {
    expect(contentTag('base:1', folder)).toBe(contentTag('base:1'));
    expect(contentTag('base:1')).toMatch(/^imagemagick-[0-9a-f]{12}$/);
  });

  test.each(SOURCES)('changes with %s', (name) => {
    writeFileSync(path.join(folder, name), 'changed');
    expect(contentTag('base:1', folder)).not.toBe(contentTag('base:1'));
  });

  test('changes with the base image', () => {
    expect(contentTag('base:2')).not.toBe(contentTag('base:1'));
  });

  test('does not change with what Docker is not given', () => {
    writeFileSync(path.join(folder, 'README.md'), 'changed');
    expect(contentTag('base:1', folder)).toBe(contentTag('base:1'));
  });

  test('is made of all that Docker is given', () => {
    const ignored = ['.dockerignore', 'README.md'];
    expect(
      readdirSync(RUNTIME)
        .filter((name) => !ignored.includes(name))
        .sort(),
    ).toEqual([...SOURCES].sort());
  });
});
