import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { assembleCloudRun } from '../../infra/image/cloudrun-context';
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

describe('the image for Cloud Run', () => {
  const tag = () => computeTag(CLOUDRUN_IMAGE, 'python:1', folder);

  test('has the same tag for the same sources, whatever an interpreter or an earlier run has left', async () => {
    await assembleCloudRun(folder);
    const first = tag();
    expect(first).toMatch(/^cloudrun-[0-9a-f]{12}$/);
    mkdirSync(path.join(folder, 'actions/v2/__pycache__'), { recursive: true });
    writeFileSync(path.join(folder, 'actions/v2/__pycache__/names.pyc'), 'compiled');
    expect(tag()).toBe(first);
    writeFileSync(path.join(folder, 'actions/v2/gone.py'), 'of yesterday');
    writeFileSync(path.join(folder, 'cloudrun/page.json'), 'of yesterday');
    expect(tag()).not.toBe(first);
    await assembleCloudRun(folder);
    expect(tag()).toBe(first);
  });

  test.each([
    'actions/pdfmagic/jpeg.py',
    'actions/v2/__main__.py',
    'cloudrun/service/app.py',
    'cloudrun/page.json',
    'runtime/policy.xml',
  ])('has another tag with another %s', async (file) => {
    await assembleCloudRun(folder);
    const first = tag();
    writeFileSync(path.join(folder, file), 'changed');
    expect(tag()).not.toBe(first);
  });

  test('is made of all that its context has, and the Dockerfile takes it from there', async () => {
    await assembleCloudRun(folder);
    const ofRuntime: readonly string[] = [...SOURCES, 'README.md', '.dockerignore'];
    const there = readdirSync(folder).filter((name) => !ofRuntime.includes(name));
    expect(there.sort()).toEqual([...CLOUDRUN_IMAGE.sources].sort());
    const text = readFileSync(path.join(folder, CLOUDRUN_IMAGE.dockerfile), 'utf8');
    const copied = [...text.matchAll(/^COPY (.*) \S+$/gm)].flatMap(([, sources = '']) => sources.split(' '));
    expect(copied.length).toBeGreaterThan(2);
    for (const source of copied) expect(existsSync(path.join(folder, source)), source).toBe(true);
  });

  test('is made by several at once, as it is by one', async () => {
    await Promise.all([assembleCloudRun(folder), assembleCloudRun(folder), assembleCloudRun(folder)]);
    const first = tag();
    await assembleCloudRun(folder);
    expect(tag()).toBe(first);
  });
});
