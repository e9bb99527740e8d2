import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import type { Run } from '../../cli/torture/report';

const ROOT = path.resolve(__dirname, '../..');
const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-torture-test-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Those that take little time; their parts have tests of their own, and `npm run torture` makes all of them. */
const FAULTS = 'pixel-bomb,deaf-action,vanishing-clients';

/**
 * What `npm run torture` does in minutes, in one: `PDFMAGIC_KILLS` and `PDFMAGIC_SEED` set other kills. With this seed the first six
 * are of all kinds.
 */
test.runIf(process.platform === 'linux')(
  'after kills of platform, emulator, sandboxes, runner and commands under load, all that was accepted is there, once, and nothing is left over',
  async () => {
    const json = path.join(folder, 'torture.json');
    const { PDFMAGIC_KILLS: kills = '6', PDFMAGIC_SEED: seed = '84' } = process.env;
    const load = ['--photos', '24', '--broken', '3', '--faults', FAULTS];
    const command = ['cli/pdfmagic.mjs', 'torture', '--kills', kills, '--seed', seed, ...load, '--json', json];
    // Ends with an error, which has its output and the seed, when anything is not as promised.
    await promisify(execFile)(process.execPath, command, { cwd: ROOT, maxBuffer: 16 << 20 });
    const run = JSON.parse(readFileSync(json, 'utf8')) as Run;
    expect(run).toMatchObject({ missing: [], doubled: [], lost: [], wrong: [], twice: [], deadLetters: 0 });
    expect(run).toMatchObject({ disagreements: [], left: [] });
    expect(run.trials.map(({ fault, came }) => `${fault} ${came}`).sort()).toEqual(
      FAULTS.split(',')
        .map((fault) => `${fault} as expected`)
        .sort(),
    );
    expect(run.converted + run.refused).toBe(run.files);
    expect(run.accepted).toBeGreaterThan(0);
    expect(run.files).toBeGreaterThan(0);
  },
  900_000,
);
