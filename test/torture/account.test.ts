/** What the torture counts as a breach: a check that finds nothing proves nothing. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findLeft } from '../../cli/torture/afterwards';
import { FAULTS } from '../../cli/torture/faults/all-faults';
import { Leftovers } from '../../cli/torture/leftovers';
import { writeReliability } from '../../cli/torture/reliability';
import { findBreaches, formatReport, type Run } from '../../cli/torture/report';
import { SmallDisk, whyNoDisk } from '../../cli/torture/small-disk';

const RUN: Run = {
  ...{
    seed: 5,
    commit: 'abc1234',
    node: 'v22.1.0',
    kernel: '6.1',
    imagemagick: '6.9',
    cores: 2,
    load: 1,
    minutes: 4.25,
  },
  kills: { platform: 3, emulator: 2, sandbox: 1, runner: 1, pdfmagic: 1 },
  ...{ missed: 0, uploads: 12, files: 10, converted: 9, refused: 1, accepted: 40, answered: 7, failed: 3 },
  ...{ missing: [], doubled: [], lost: [], wrong: [], twice: [], deadLetters: 0, settledSeconds: 2 },
  ...{ deployments: { begun: 3, succeeded: 1 }, commands: { succeeded: 4, failed: 2 } },
  trials: [
    { fault: 'fork-bomb', came: 'as expected', seen: 'ended | well', seconds: 4, conversions: 12, slowest: 90 },
    { fault: 'disk-full', came: 'skipped', seen: 'only root may', seconds: 0, conversions: 0, slowest: 0 },
  ],
  ...{ disagreements: [], left: [] },
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-account-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a run', () => {
  test('of which everything is accounted for has no breach', () => {
    expect(findBreaches(RUN)).toEqual([]);
    expect(formatReport(RUN)).toContain('3 platform, 2 emulator');
  });

  test.each([
    ['no record', { missing: ['a'] }],
    ['more than one record', { doubled: ['a'] }],
    ['lost', { lost: ['a'] }],
    ['wrong', { wrong: ['a'] }],
    ['converted twice', { twice: ['a'] }],
    ['state and platform disagree', { disagreements: ['refresh: 1 gone'] }],
    ['left over', { left: ['process 7'] }],
    ['dead letters', { deadLetters: 1 }],
    ['faults', { trials: [{ ...RUN.trials[0], came: 'not as expected', fault: 'x', seen: 'y' } as Run['trials'][0]] }],
  ])('is in breach by: %s', (kind, part) => {
    expect(findBreaches({ ...RUN, ...part })).toEqual([expect.stringMatching(new RegExp(`^${kind}: 1`))]);
  });
});

describe('docs/reliability.md', () => {
  test('has a row for each fault, what came of it, and a row for each run; a run again replaces its row', () => {
    const file = path.join(folder, 'reliability.md');
    const date = new Date('2026-01-02T03:04:05Z');
    writeReliability(file, { ...RUN, seed: 4 }, FAULTS, date);
    writeReliability(file, { ...RUN, lost: ['a.jpg'] }, FAULTS, date);
    const text = writeReliability(file, RUN, FAULTS, date);
    expect(readFileSync(file, 'utf8')).toBe(text);
    for (const { name } of FAULTS) expect(text).toContain(`\n| ${name} | `);
    expect(text).toContain('| as expected | ended \\| well | 1 | 12 | 5, abc1234 |');
    expect(text).toContain('| skipped | only root may | 1 | 0 | 5, abc1234 |');
    expect(text).toContain('| not reached |');
    const later = writeReliability(file, { ...RUN, trials: RUN.trials.slice(1), commit: 'def' }, FAULTS, date);
    expect(later, 'what this one did not make').toContain('| as expected | ended \\| well | 1 | 12 | 5, abc1234 |');
    expect(text.match(/^\| \d+ \| abc1234 \|.*$/gm)).toEqual([
      '| 4 | abc1234 | 2026-01-02 | 4.3 | 8 | 40 | 10 | 2 | as promised |',
      '| 5 | abc1234 | 2026-01-02 | 4.3 | 8 | 40 | 10 | 2 | as promised |',
    ]);
  });
});

describe.runIf(process.platform === 'linux')('what is left when all has ended', () => {
  const find = (leftovers = new Leftovers()) =>
    findLeft(folder, path.join(folder, 'data'), path.join(folder, 'tmp'), leftovers);

  test('is nothing at first', () => expect(find()).toEqual([]));

  test('is a process that names the folder, or that was seen below a platform', async () => {
    const named = spawn('/bin/sleep', ['600'], { env: { FOLDER: folder } });
    const seen = spawn('/bin/sleep', ['600'], { env: {} });
    const leftovers = new Leftovers();
    leftovers.remember(seen.pid ?? 0);
    const gone = [named, seen].map((child) => new Promise((resolve) => child.once('exit', resolve)));
    try {
      await expect.poll(() => find(leftovers).sort()).toEqual([`process ${named.pid}`, `process ${seen.pid}`].sort());
    } finally {
      for (const child of [named, seen]) child.kill('SIGKILL');
      await Promise.all(gone);
    }
    expect(find(leftovers)).toEqual([]);
  });

  test('is a temporary file', () => {
    mkdirSync(path.join(folder, 'data/storage/uploads'), { recursive: true });
    writeFileSync(path.join(folder, 'data/storage/uploads/half'), '');
    expect(find()).toEqual([`file ${folder}/data/storage/uploads/half`]);
  });

  test('is a mount; a small disk takes what fits, is full, and leaves none', (context) => {
    const reason = whyNoDisk();
    if (reason !== undefined) context.skip(reason);
    const place = path.join(folder, 'disk');
    mkdirSync(place);
    const disk = new SmallDisk(place, 2);
    try {
      expect(find()).toEqual([`mount ${place}`]);
      disk.fill();
      expect(() => writeFileSync(path.join(place, 'x'), Buffer.alloc(100_000))).toThrow(/ENOSPC/);
      disk.free();
      writeFileSync(path.join(place, 'x'), Buffer.alloc(100_000));
      disk.makeReadOnly(true);
      expect(() => writeFileSync(path.join(place, 'y'), '')).toThrow(/EROFS/);
    } finally {
      disk.remove();
    }
    expect(find()).toEqual([]);
    expect(() => disk.fill(), 'the disk below is not filled').toThrow('is not mounted');
    expect(readdirSync(place)).toEqual([]);
  });
});
