/** Counts the modules that commands load: a measure of how quickly they start that needs no clock. */
import { execFile } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../e2e/machine';

/**
 * Runs a command of `pdfmagic` to its end.
 * @param folder for a file that is removed again
 * @returns how many modules each of its processes has loaded, by the name of the program: `pdfmagic.mjs`, `worker.ts`
 */
export async function countModules(folder: string, ...args: string[]): Promise<Record<string, number>> {
  const file = path.join(folder, 'modules.txt');
  const counter = path.join(__dirname, 'count-modules.cjs');
  const env = { ...process.env, HOME: folder, COUNT_MODULES: file, NODE_OPTIONS: `--require "${counter}"` };
  await promisify(execFile)(process.execPath, [path.join(ROOT, 'cli/pdfmagic.mjs'), ...args], { cwd: folder, env });
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  rmSync(file);
  return Object.fromEntries(lines.map((line) => [line.split(' ')[0] ?? '', Number(line.split(' ')[1])]));
}
