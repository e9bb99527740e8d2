import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { Random } from '../../cli/torture/random';
import type { TortureReport } from '../../cli/torture/torture';

const ROOT = path.resolve(__dirname, '../..');
const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-torture-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What `npm run torture` does with a hundred kills, with a few: `PDFMAGIC_KILLS` and `PDFMAGIC_SEED` set others. */
test.runIf(process.platform === 'linux')(
  'after kills of platform, emulator, sandboxes and runner under load, every 202 has its record and every file its PDF or refusal',
  async () => {
    const json = path.join(folder, 'torture.json');
    const { PDFMAGIC_KILLS: kills = '10', PDFMAGIC_SEED: seed = '7' } = process.env;
    const options = ['--kills', kills, '--seed', seed, '--photos', '60', '--broken', '8', '--json', json];
    const command = ['cli/pdfmagic.mjs', 'torture', ...options];
    // Ends with an error, which has its output and the seed, when anything is lost.
    await promisify(execFile)(process.execPath, command, { cwd: ROOT, maxBuffer: 16 << 20 });
    const report = JSON.parse(readFileSync(json, 'utf8')) as TortureReport;
    expect(report).toMatchObject({ missing: [], lost: [], wrong: [], twice: [], deadLetters: 0 });
    expect(report.converted + report.refused).toBe(report.files);
    expect(report.accepted).toBeGreaterThan(0);
    expect(report.files).toBeGreaterThan(0);
  },
  900_000,
);

describe('the chance of a torture', () => {
  test('comes again with its seed, and is another with another', () => {
    const draw = (seed: number) =>
      Array.from(
        { length: 5 },
        (
          (random) => () =>
            random.next()
        )(new Random(seed)),
      );
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
    expect(draw(0).every((number) => number >= 0 && number < 1)).toBe(true);
  });

  test('picks by shares', () => {
    const random = new Random(1);
    const counts = { a: 0, b: 0 };
    for (let i = 0; i < 1000; i += 1) counts[random.weighted({ a: 9, b: 1 })] += 1;
    expect(counts.a).toBeGreaterThan(counts.b * 4);
    expect(counts.b).toBeGreaterThan(0);
  });
});
