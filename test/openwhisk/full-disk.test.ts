/** A store on a disk that is full: a small tmpfs in a namespace of its own, where the system lets us make one. */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { REGISTER } from '../compiled';
import { newDataDir } from './laboratory';

/** So many kilobytes of the disk are somebody else's, and are given back in the end. */
const SCRIPT = `
mount -t tmpfs -o size=100m tmpfs "$DATA_DIR" || exit 99
dd if=/dev/zero of="$FILLER" bs=1k count="$TAKEN" 2>/dev/null
exec "$NODE" --require "$REGISTER" "$FILL"
`;

const canMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

interface Told {
  readonly full: { readonly refused: number; readonly otherwise: number; readonly kept: number };
  readonly freed: { readonly refused: number; readonly kept: number };
  readonly lost: number;
}

interface Crowded {
  readonly large: boolean;
  readonly small: readonly boolean[];
  readonly removed: number;
  readonly left: number;
  readonly found: number;
  readonly flows: number;
}

/** Runs a script of this folder on a disk of which so many kilobytes are taken. @returns what it told */
function runOnSmallDisk<T>(script: string, taken: number): T {
  const dataDir = newDataDir();
  const FILLER = path.join(dataDir, 'filler');
  const FILL = path.join(__dirname, script);
  try {
    const { signal, stdout, stderr, status } = spawnSync('unshare', ['-rm', 'sh', '-c', SCRIPT], {
      encoding: 'utf8',
      env: { ...process.env, DATA_DIR: dataDir, FILLER, TAKEN: String(taken), REGISTER, NODE: process.execPath, FILL },
    });
    if (status !== 0) throw new Error(`ended by ${signal ?? `status ${status}`}: ${stderr.slice(-500)}`);
    return JSON.parse(stdout) as T;
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

describe.skipIf(!canMount)('a store on a full disk', () => {
  // A megabyte each, 240 of them, 60 at a time: more than fits in any of these.
  test.each([75_000, 70_000, 64_000])(
    'refuses in words what does not fit, keeps what it has taken, and goes on when there is room (%i kB taken)',
    (taken) => {
      const told = runOnSmallDisk<Told>('fill-store.ts', taken);
      expect(told.full.refused).toBeGreaterThan(0);
      expect(told.full.otherwise).toBe(0);
      expect(told.freed.kept).toBeGreaterThan(0);
      expect(told.freed.refused).toBe(0);
      expect(told.lost).toBe(0);
    },
    60_000,
  );

  test('refuses a large record alone, not the small ones beside it; removes, prunes, closes and opens without room', () => {
    const told = runOnSmallDisk<Crowded>('crowd-store.ts', 50_000);
    expect([told.large, ...told.small]).toEqual([false, true, true, true]);
    expect(told.removed).toBeGreaterThan(290);
    expect(told.left).toBe(10);
    expect(told.found, 'what was removed is gone, and what was kept is there').toBe(10);
    expect(told.flows).toBe(0);
  }, 60_000);
});
