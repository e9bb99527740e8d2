/** A first run on a disk that is too small: a tmpfs in a namespace of its own, where the system lets us make one. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ROOT } from '../e2e/machine';

const canMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;
const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-room-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Mounts a small disk, begins `start` there, and lists what it has left. */
const SCRIPT = `
mkdir -p "$SMALL" && mount -t tmpfs -o size="$SIZE" tmpfs "$SMALL" || exit 99
"$NODE" "$PROGRAM" start --once --data "$SMALL/data" --output "$OUTPUT" --photo "$PHOTO"
code=$?
ls -A "$SMALL"
exit $code
`;

function startOn(size: string, output: (small: string) => string) {
  const SMALL = path.join(folder, 'small');
  mkdirSync(SMALL, { recursive: true });
  const own = { SMALL, SIZE: size, NODE: process.execPath, PROGRAM: path.join(ROOT, 'cli/pdfmagic.mjs') };
  const env = { ...process.env, ...own, OUTPUT: output(SMALL), PHOTO: path.join(ROOT, 'examples/photo.jpg') };
  return spawnSync('unshare', ['-rm', 'sh', '-c', SCRIPT], { encoding: 'utf8', cwd: folder, env, timeout: 120_000 });
}

describe.skipIf(!canMount)('npm start on a disk that is too small', () => {
  test('says how much is needed and how much is free, before anything starts', () => {
    const { status, stdout, stderr } = startOn('60m', () => path.join(folder, 'out'));
    expect(stderr).toMatch(
      /^error: There is not enough room on the disk: small\/data needs 90 MB, and 62 MB are free\. Free at least 28 MB and try again\.\n$/,
    );
    expect([status, stdout]).toEqual([1, '']);
    expect(readdirSync(folder)).not.toContain('out');
  });
  test('counts all that goes to one disk together', () => {
    const { status, stderr } = startOn('1m', (small) => path.join(small, 'pdfs'));
    expect(stderr).toMatch(/small\/data and small\/pdfs need \d+ MB, and 1 MB are free\. Free at least \d+ MB/);
    expect(status).toBe(1);
  });
});
