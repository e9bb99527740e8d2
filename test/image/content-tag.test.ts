import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { computeTag } from '../../infra/image/content-tag';
import { CLOUDRUN_IMAGE, RUNTIME_IMAGE } from '../../infra/image/recipe';

const { context: CONTEXT, sources: SOURCES } = RUNTIME_IMAGE;

const RUNTIME = path.resolve(__dirname, '../..', CONTEXT);
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-tag-'));
  cpSync(RUNTIME, folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the tag of the runtime image', () => {
  test('is the same for the same content, wherever it is', () => {
    expect(computeTag(RUNTIME_IMAGE, 'base:1', folder)).toBe(computeTag(RUNTIME_IMAGE, 'base:1'));
    expect(computeTag(RUNTIME_IMAGE, 'base:1')).toMatch(/^imagemagick-[0-9a-f]{12}$/);
  });

  test.each(SOURCES)('changes with %s', (name) => {
    writeFileSync(path.join(folder, name), 'changed');
    expect(computeTag(RUNTIME_IMAGE, 'base:1', folder)).not.toBe(computeTag(RUNTIME_IMAGE, 'base:1'));
  });

  test('changes with the base image', () => {
    expect(computeTag(RUNTIME_IMAGE, 'base:2')).not.toBe(computeTag(RUNTIME_IMAGE, 'base:1'));
  });

  test('does not change with what Docker is not given', () => {
    writeFileSync(path.join(folder, 'README.md'), 'changed');
    expect(computeTag(RUNTIME_IMAGE, 'base:1', folder)).toBe(computeTag(RUNTIME_IMAGE, 'base:1'));
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

describe('the tag of the image for Cloud Run', () => {
  const ROOT = path.resolve(__dirname, '../..');
  const copy = () => {
    for (const source of CLOUDRUN_IMAGE.sources)
      cpSync(path.join(ROOT, source), path.join(folder, source), { recursive: true });
  };

  test('is the same for the same content, whatever an interpreter leaves beside it', () => {
    copy();
    mkdirSync(path.join(folder, 'actions/v2/__pycache__'), { recursive: true });
    writeFileSync(path.join(folder, 'actions/v2/__pycache__/names.pyc'), 'compiled');
    expect(computeTag(CLOUDRUN_IMAGE, 'python:1', folder)).toBe(computeTag(CLOUDRUN_IMAGE, 'python:1'));
    expect(computeTag(CLOUDRUN_IMAGE, 'python:1')).toMatch(/^cloudrun-[0-9a-f]{12}$/);
  });

  test.each(['actions/pdfmagic/jpeg.py', 'actions/v2/__main__.py', 'cloudrun/service/app.py', 'runtime/policy.xml'])(
    'changes with %s',
    (file) => {
      copy();
      writeFileSync(path.join(folder, file), 'changed');
      expect(computeTag(CLOUDRUN_IMAGE, 'python:1', folder)).not.toBe(computeTag(CLOUDRUN_IMAGE, 'python:1'));
    },
  );

  test('is made of all that the Dockerfile copies, and Docker is given no more', () => {
    const text = readFileSync(path.join(ROOT, CLOUDRUN_IMAGE.dockerfile), 'utf8');
    const copied = [...text.matchAll(/^COPY (.*) \S+$/gm)].flatMap(([, sources = '']) => sources.split(' '));
    const sources: readonly string[] = CLOUDRUN_IMAGE.sources;
    expect([...new Set([...copied, CLOUDRUN_IMAGE.dockerfile])].sort()).toEqual([...sources].sort());
    const ignore = readFileSync(path.join(ROOT, `${CLOUDRUN_IMAGE.dockerfile}.dockerignore`), 'utf8').split('\n');
    expect(ignore.filter((line) => line.startsWith('!')).map((line) => line.slice(1))).toEqual([...sources].sort());
    expect(ignore[0]).toBe('*');
  });
});
