import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { DiskFullError, isDiskFull, tellsDiskFull } from '../../ground/disk-full';

const withCode = (code: string) => Object.assign(new Error(`${code}: write`), { code });

test('a full disk is told from other errors by its code, or by the words of a program', async () => {
  const cp = await promisify(execFile)('sh', ['-c', 'echo "cp: x: No space left on device" >&2; exit 1']).catch(
    (error: unknown) => error,
  );
  for (const error of [withCode('ENOSPC'), withCode('EDQUOT'), cp, new DiskFullError('/a')])
    expect(isDiskFull(error)).toBe(true);
  for (const error of [withCode('EACCES'), new Error('no'), 'ENOSPC', undefined]) expect(isDiskFull(error)).toBe(false);
});

test('it says where, why, and how much is needed; callers are told no path', () => {
  const error = new DiskFullError('/data/code', 12_300_000, withCode('ENOSPC'));
  expect(error.message).toBe(
    'Cannot write to /data/code: no space is left on its disk. Free at least 13 MB and try again.',
  );
  expect(error.forCallers).toBe(
    'No space is left on the disk of the platform. Free at least 13 MB there and try again.',
  );
  expect(tellsDiskFull(error.forCallers)).toBe(true);
  expect(new DiskFullError('/a', undefined, withCode('EDQUOT')).message).toMatch(/quota .*used up. Free some space/);
});
