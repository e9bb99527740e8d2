import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import type { StressReport } from '../../cli/stress/stress';
import { ROOT } from './machine';

const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-stress-test-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What `npm run stress` does with hundreds of files, with a few; the largest sizes come only after these. */
test('files that arrive all at once become PDFs or recorded refusals, none twice, also if the platform is killed', async () => {
  const json = path.join(folder, 'stress.json');
  const sizes = ['--photos', '8', '--broken', '4', '--duplicates', '2', '--kills', '1', '--json', json];
  const command = ['cli/pdfmagic.mjs', 'stress', ...sizes];
  // Ends with an error, which has its output, when a file is not accounted for.
  const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: ROOT, maxBuffer: 16 << 20 });
  expect(stdout).toMatch(/plain convert of the same photos: [\d.]+ a second/);
  const report = JSON.parse(readFileSync(json, 'utf8')) as { calm: StressReport; killed: StressReport };
  const all = { uploads: 14, converted: 8, refused: 4, lost: [], wrong: [], twice: [], deadLetters: 0 };
  expect(report).toMatchObject({ calm: { ...all, kills: 0 }, killed: { ...all, kills: 1 } });
}, 400_000);
