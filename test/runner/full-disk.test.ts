/** A state folder on a disk that is full: a small tmpfs in a namespace of its own, where the system lets us make one. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { REGISTER } from '../compiled';
import { type Laboratory, openLaboratory } from './laboratory';

const PARENT = path.join(__dirname, 'fixtures', 'parent.ts');
/** The first step succeeds and the second finds the disk full, unless SPARE (KiB) leaves room. */
const SCRIPT = `
mount -t tmpfs -o size=1m tmpfs "$STATE" || exit 99
up() { "$NODE" --require "$REGISTER" "$PARENT"; }
up || exit 98
cp more.json things.json
dd if=/dev/zero of="$STATE/filler" bs=1k 2>/dev/null
truncate -s -"$SPARE"k "$STATE/filler"
up; echo "exit code $?"
ls "$STATE"
rm "$STATE/filler"
up
`;

const canMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

let lab: Laboratory;
beforeEach(() => {
  lab = openLaboratory();
});
afterEach(() => lab.close());

/** Runs the script. @returns what was printed */
function runOnFullDisk(spare: number): { out: string; error: string } {
  const inProject = (name: string) => path.join(lab.projectDir, name);
  const large = { properties: { name: 'large', note: 'x'.repeat(60_000) } };
  lab.program({ a: { properties: { name: 'a' } }, large });
  copyFileSync(inProject('things.json'), inProject('more.json'));
  lab.program({ a: { properties: { name: 'a' } } });
  mkdirSync(lab.stateDir);
  writeFileSync(inProject('script.sh'), SCRIPT);
  const { env, onEvent: _, ...options } = lab.options;
  const { stdout, stderr } = spawnSync('unshare', ['-rm', 'sh', 'script.sh'], {
    cwd: lab.projectDir,
    encoding: 'utf8',
    env: {
      ...env,
      OPTIONS: JSON.stringify({ ...options, adoptInput: 'adopt' }),
      NODE: process.execPath,
      PARENT,
      STATE: lab.stateDir,
      SPARE: String(spare),
      REGISTER,
    },
  });
  return { out: stdout, error: stderr };
}

describe.skipIf(!canMount)('on a full disk', () => {
  it('a run that cannot even begin says so, names the file and fails', () => {
    const { out, error } = runOnFullDisk(0);
    expect(error).toMatch(/Cannot write .*test\.lock\.2: the disk is full\. Make room/);
    expect(out).toContain('exit code 1');
    expect(out).toMatch(/through\n$/);
  });

  it('a run ends at the step that cannot be written down; what was saved is kept, and the next run goes on', () => {
    const { out, error } = runOnFullDisk(36);
    expect(error).toMatch(/large: Cannot write .*test\.json: the disk is full\. Make room/);
    expect(out).toContain('exit code 1');
    expect(out).not.toMatch(/\.tmp$/m);
    expect(error).toContain('The run was stopped before it finished. What it did is in the state.');
    expect(out.split('exit code 1')[1]).toMatch(/a unchanged.*large created\nthrough\n$/s);
  });
});
