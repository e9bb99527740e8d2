import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CodeStore } from '../../platform/invoker/code/store';
import { type Contents, zipOf } from './zips';

const LIBRARY = { 'library/__init__.py': 'VALUE = 1\n', 'library/large.bin': { repeat: 400_000 } };

describe('files that several zips hold', () => {
  const root = mkdtempSync(path.join(tmpdir(), 'pdfmagic-shared-files-'));
  const store = new CodeStore(root);
  beforeAll(() => store.open());
  afterAll(() => rm(root, { recursive: true }));

  const unpack = async (contents: Contents): Promise<string> => {
    const prepared = await store.prepare({ code: zipOf(contents) }, 'python:3', async () => undefined);
    if (prepared.kind !== 'folder') throw new Error('taken for a source');
    return prepared.folder;
  };
  const inode = (folder: string, name: string): number => statSync(path.join(folder, name)).ino;

  it('are written once, small and large ones, also under other names', async () => {
    const one = await unpack({ '__main__.py': 'ONE = 1\n', ...LIBRARY });
    const two = await unpack({ '__main__.py': 'TWO = 2\n', ...LIBRARY, 'again.py': 'VALUE = 1\n' });
    for (const name of Object.keys(LIBRARY)) expect(inode(two, name)).toBe(inode(one, name));
    expect(inode(two, 'again.py')).toBe(inode(one, 'library/__init__.py'));
    expect(readFileSync(path.join(two, '__main__.py'), 'utf8')).toBe('TWO = 2\n');
    expect(inode(two, '__main__.py')).not.toBe(inode(one, '__main__.py'));
    expect(readFileSync(path.join(two, 'library/large.bin'), 'utf8')).toBe('0'.repeat(400_000));
  });

  it('are writable by none of them', async () => {
    const folder = await unpack({ '__main__.py': 'THREE = 3\n', ...LIBRARY });
    for (const name of Object.keys(LIBRARY)) expect(statSync(path.join(folder, name)).mode & 0o222).toBe(0);
  });

  it('stay with the others when one is removed, and are written anew when all are', async () => {
    const library = { 'only.py': 'HERE = True\n' };
    const first = await unpack({ '__main__.py': 'FOUR = 4\n', ...library });
    const second = await unpack({ '__main__.py': 'FIVE = 5\n', ...library });
    expect(inode(second, 'only.py')).toBe(inode(first, 'only.py'));
    for (const folder of [first, second]) {
      expect(readFileSync(path.join(folder, 'only.py'), 'utf8')).toBe('HERE = True\n');
      await rm(folder, { recursive: true });
    }
    const third = await unpack({ '__main__.py': 'SIX = 6\n', ...library });
    expect(readFileSync(path.join(third, 'only.py'), 'utf8')).toBe('HERE = True\n');
    expect(statSync(path.join(third, 'only.py')).nlink).toBe(1);
  });
});
