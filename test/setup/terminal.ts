/** The command as on a terminal, which a test can type into. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');

/** Runs `pdfmagic ARGS`, and types `answer` when `expected` is on the screen. @returns all that was on it */
export function onTerminal(args: readonly string[], expected: string, answer: string) {
  return runOnTerminal([process.execPath, 'cli/pdfmagic.mjs', ...args], expected, answer);
}

/** Runs any program so. */
export function runOnTerminal(
  command: readonly string[],
  expected: string,
  answer: string,
  options: { readonly columns?: number; readonly env?: NodeJS.ProcessEnv; readonly cwd?: string } = {},
): { readonly output: string; readonly code: number | null } {
  const { columns = 80, env = process.env, cwd = ROOT } = options;
  const script = path.join(__dirname, 'terminal.py');
  const { stdout, status } = spawnSync('python3', [script, `${columns}`, expected, answer, ...command], {
    ...{ cwd, env: { ...env, TERM: 'xterm' } },
    encoding: 'utf8',
  });
  return { output: stdout, code: status };
}
