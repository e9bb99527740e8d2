/** What a launcher writes, and in which order: the platform wakes once for an activation, not once more for each end of a log. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { END_OF_ACTIVATION } from '../../platform/invoker/activation/logs';

const RUNTIMES = path.join(__dirname, '../../platform/invoker/runtimes');

/** Runs a launcher whose streams are all one file: what it writes, line by line. */
async function linesOf(command: readonly string[], code: string): Promise<string[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-launcher-'));
  const file = path.join(folder, 'written');
  const written = openSync(file, 'a');
  try {
    const [program = '', ...args] = command;
    const launcher = spawn(program, args, { cwd: folder, stdio: ['pipe', written, written, written] });
    const init = { value: { name: 'a', main: 'main', env: {}, binary: false, code, path: folder } };
    const lines = () => readFileSync(file, 'utf8').trimEnd().split('\n');
    // One request at a time, and its end once all was written: as the platform does it.
    for (const [request, last] of [
      [init, '{"ok"'],
      [{ value: { n: 1 } }, '{"n"'],
    ] as const) {
      launcher.stdin?.write(`${JSON.stringify(request)}\n`);
      await vi.waitFor(() => expect(lines().some((line) => line.startsWith(last))).toBe(true), 10_000);
    }
    launcher.stdin?.end();
    await once(launcher, 'close');
    return lines();
  } finally {
    closeSync(written);
    rmSync(folder, { recursive: true });
  }
}

const EXPECTED = ['{"ok":true}', 'said', END_OF_ACTIVATION, END_OF_ACTIVATION, '{"n":1}'];

it('Python: the answer comes after both ends of the log', async () => {
  const code = 'def main(args):\n    print("said")\n    return args\n';
  const lines = await linesOf(['python3', '-I', '-B', path.join(RUNTIMES, 'python/launcher.py')], code);
  expect(lines.map((line) => line.replace(': ', ':'))).toEqual(EXPECTED);
});

it('Node.js: the answer comes after both ends of the log', async () => {
  const code = 'function main(args) { console.log("said"); return args; }';
  const lines = await linesOf([process.execPath, path.join(RUNTIMES, 'nodejs/launcher.js')], code);
  expect(lines).toEqual(EXPECTED);
});
