import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkSize } from '../../infra/packaging/size-limit';
import { temporaryFolder, writeFiles } from './folders';

const MiB = 1024 * 1024;

describe("OpenWhisk's limit of 48 MB on the base64 of a zip", () => {
  const root = temporaryFolder();
  writeFiles(root, { big: Buffer.alloc(3 * MiB), small: Buffer.alloc(1 * MiB) });
  const packages = 'virtualenv/lib/python3.11/site-packages';
  const entries = [
    { name: '__main__.py', file: path.join(root, 'small') },
    { name: `${packages}/small/__init__.py`, file: path.join(root, 'small') },
    { name: `${packages}/large/a.py`, file: path.join(root, 'big') },
    { name: `${packages}/large/b/c.so`, file: path.join(root, 'big') },
  ];

  it('lets a zip of 36 MiB pass', async () => {
    await expect(checkSize('v2', 36 * MiB, entries)).resolves.toBeUndefined();
  });

  it('refuses a byte more, with a table of the biggest parts', async () => {
    const message = await checkSize('v2', 36 * MiB + 1, entries).then(String, (error: Error) => error.message);
    expect(message).toContain('OpenWhisk accepts 48.0 MiB');
    const rows = message.split('\n').filter((line) => line.includes(' MiB  '));
    expect(rows.map((row) => row.trim())).toEqual([
      `6.0 MiB  ${packages}/large`,
      '1.0 MiB  __main__.py',
      `1.0 MiB  ${packages}/small`,
    ]);
  });
});
