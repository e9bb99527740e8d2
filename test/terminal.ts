/** Programs as on a terminal, by Python's `pty`: a test sees all that is shown, and can type. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { ROOT } from './e2e/machine';
import { onPath, unless } from './e2e/on-path';

const hasPython = onPath('python3', '-c', 'import pty');

/** What a test on a terminal needs, and the words for its name where that is missing. */
export const terminalNeeds = { isMet: hasPython, words: unless(hasPython, 'python3') };

/** How a program runs on a terminal. */
export interface OnTerminal {
  /** What is typed, so many milliseconds after the screen first shows a text. */
  readonly type?: { readonly text: string; readonly after: string; readonly delay?: number };
  readonly columns?: number;
  readonly cwd?: string;
  /** All variables; TERM is xterm unless it is among them. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs `pdfmagic ARGS` so. */
export function onTerminal(args: readonly string[], options: OnTerminal = {}) {
  return runOnTerminal([process.execPath, path.join(ROOT, 'cli/pdfmagic.mjs'), ...args], options);
}

/** Runs any program so. @returns its exit code, and all that was on the screen */
export async function runOnTerminal(
  command: readonly string[],
  { type, columns = 80, cwd = ROOT, env = { ...process.env, TERM: 'xterm' } }: OnTerminal = {},
): Promise<{ readonly code: number | null; readonly screen: string }> {
  const { after = '', delay = 0, text = '' } = type ?? {};
  const line = [path.join(__dirname, 'terminal.py'), `${columns}`, after, `${delay}`, text, ...command];
  const child = spawn('python3', line, { cwd, env: { TERM: 'xterm', ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, screen: Buffer.concat(chunks).toString() };
}
