/** Runs the command on a pseudo-terminal, by Python's `pty`, and records what appears there. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { ROOT } from '../e2e/machine';
import { onPath, unless } from '../e2e/on-path';

const hasPython = onPath('python3', '-c', 'import pty');

/** What a test on a terminal needs, and the words for its name where that is missing. */
export const terminalNeeds = { isMet: hasPython, words: unless(hasPython, 'python3') };

const RECORD = `
import os, pty, struct, sys, fcntl, termios
columns, program = int(sys.argv[1]), sys.argv[2:]
pid, master = pty.fork()
if pid == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack('HHHH', 24, columns, 0, 0))
    os.execvp(program[0], program)
while True:
    try:
        data = os.read(master, 65536)
    except OSError:
        break
    if not data:
        break
    os.write(1, data)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

/** @returns the exit code, and all that was written to the terminal */
export async function onTerminal(
  folder: string,
  args: readonly string[],
  { columns = 80, env = {} }: { columns?: number; env?: NodeJS.ProcessEnv } = {},
): Promise<{ code: number; screen: string }> {
  const line = ['-c', RECORD, `${columns}`, process.execPath, path.join(ROOT, 'cli/pdfmagic.mjs'), ...args];
  const child = spawn('python3', line, {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, TERM: 'xterm', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let screen = '';
  child.stdout.on('data', (chunk: Buffer) => (screen += chunk.toString()));
  const [code] = await once(child, 'close');
  return { code, screen };
}
