/** Code that does not fit on the disk: a small tmpfs in a namespace of its own, where the system lets us make one. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test, vi } from 'vitest';
import { ProcessRecords } from '../../sandbox/processes/records';
import { listDescendants } from '../../sandbox/processes/tree';
import { inBothKinds } from './harness';
import { zipOf } from './zips';

const SCRIPT = `
mount -t tmpfs -o size=40m tmpfs "$DATA_DIR" || exit 99
dd if=/dev/zero of="$FILLER" bs=1k count="$TAKEN" 2>/dev/null
exec "$NODE" --import "$TSX" "$FILL"
`;
const canMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;
const MAIN = 'exports.main = () => ({ done: true });';

interface Told {
  readonly full: unknown;
  readonly freed: unknown;
  readonly logged: readonly string[];
}

/** Runs an action of 9 MB on a disk of 40 MB of which so many kilobytes are taken, then with these given back. */
function runOnSmallDisk(taken: number): Told {
  const folder = mkdtempSync(path.join(tmpdir(), 'full-disk-'));
  try {
    const DATA_DIR = path.join(folder, 'data');
    mkdirSync(DATA_DIR);
    const ZIP = path.join(folder, 'action.zip');
    const contents = { 'index.js': MAIN, 'package.json': '{"main": "index.js"}', ballast: { repeat: 9_000_000 } };
    writeFileSync(ZIP, Buffer.from(zipOf(contents), 'base64'));
    const own = { DATA_DIR, ZIP, FILLER: path.join(DATA_DIR, 'filler'), TAKEN: String(taken) };
    const tools = { NODE: process.execPath, FILL: path.join(__dirname, 'fill-disk.ts') };
    const TSX = pathToFileURL(require.resolve('tsx')).href;
    const { status, stdout, stderr } = spawnSync('unshare', ['-rm', 'sh', '-c', SCRIPT], {
      encoding: 'utf8',
      env: { ...process.env, ...own, ...tools, TSX },
    });
    if (status !== 0) throw new Error(`ended by status ${status}: ${stderr.slice(-500)}`);
    return JSON.parse(stdout) as Told;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const NEEDED = /^No space is left on the disk of the platform\. Free at least (9|10) MB there and try again\.$/;

describe.skipIf(!canMount)('an action whose code does not fit on the disk', () => {
  // 9 MB are needed to unpack it, and as many for the sandbox's own copy.
  test.each([
    ['unpacked', 36_000, 'invoker/code|/code'],
    ['copied for its sandbox', 26_000, '/tmp'],
  ])(
    'says so, and how much is needed, where it is %s; and runs when there is room',
    (_, taken, where) => {
      const { full, freed, logged } = runOnSmallDisk(taken);
      expect(full).toEqual({ error: expect.stringMatching(NEEDED) });
      expect(logged.join('\n')).toMatch(new RegExp(`Cannot write to \\S*(${where}).*: no space is left on its disk`));
      expect(freed).toEqual({ done: true });
    },
    60_000,
  );
});

describe('a sandbox that cannot be remembered, since the disk is full', () => {
  inBothKinds(
    (bench, kind) => {
      // bubblewrap's is remembered twice: when it is there, and when its first process is known.
      test.each(kind === 'bubblewrap' ? [0, 1] : [0])(
        'is a full disk to whoever asked, and it ends (%i)',
        async (kept) => {
          const before = listDescendants(process.pid);
          const add = ProcessRecords.prototype.add;
          const spy = vi.spyOn(ProcessRecords.prototype, 'add');
          for (let n = 0; n < kept; n += 1) spy.mockImplementationOnce(add);
          spy.mockImplementationOnce(() => {
            throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
          });
          const code = 'def main(args):\n    return {"ran": True}\n';
          try {
            const { statusCode, result } = await bench.python(code);
            expect(spy).toHaveBeenCalledTimes(kept + 1);
            expect(statusCode).toBe(3);
            expect(result).toEqual({
              error: expect.stringMatching(/^No space is left on the disk of the platform\. Free/),
            });
          } finally {
            spy.mockRestore();
          }
          expect(listDescendants(process.pid).filter((pid) => !before.includes(pid))).toEqual([]);
          expect((await bench.python(code)).result).toEqual({ ran: true });
        },
      );
    },
    { spares: 0 },
  );
});
