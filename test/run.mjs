// Runs vitest with the arguments given. With PDFMAGIC_SECOND_TRY=1, as in CI, the files that failed run once more in a new process
// when they are few: of thousands of tests with real processes on a busy machine, one may fail by chance. That is a fault all
// the same, of the test or of what it tests; so they are named, and all that they said stays above.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** More files than this do not fail by chance. */
const FEW = 3;

const vitest = path.join(path.dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');

/**
 * @param list the file that names the files that failed afterwards
 * @returns the status of vitest, which has Ctrl-C from the terminal itself
 */
async function run(args, list = '') {
  const env = { ...process.env, PDFMAGIC_FAILED_FILES: list };
  const child = spawn(process.execPath, [vitest, 'run', ...args], { stdio: 'inherit', env });
  const end = () => child.kill();
  process.on('SIGTERM', end);
  const [status] = await once(child, 'exit');
  process.off('SIGTERM', end);
  return status ?? 1;
}

/** @returns the status of the second run, if there is one */
async function runTwice(args) {
  const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-tests-'));
  try {
    const list = path.join(folder, 'failed');
    const status = await run(args, list);
    const failed = existsSync(list) ? readFileSync(list, 'utf8').split('\n').filter(Boolean) : [];
    if (status === 0 || failed.length === 0 || failed.length > FEW) return status;
    console.log(`Failed, and run once more:\n${failed.map((file) => `  ${file}\n`).join('')}`);
    return await run(failed);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

process.on('SIGINT', () => undefined);
const args = process.argv.slice(2);
process.exitCode = await (process.env.PDFMAGIC_SECOND_TRY === '1' ? runTwice(args) : run(args));
