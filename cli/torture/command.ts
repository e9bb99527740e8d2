/** The command `pdfmagic` as a user runs it: a process that can be killed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { waitAtMost } from '../../ground/wait-at-most';

/** Milliseconds that the streams of a command that has ended may take to be read to their end. */
const STREAM_PATIENCE = 1_000;

/** A command that runs. */
export interface RunningCommand {
  readonly pid: number;
  /** Kills the process itself, and nothing that it has started. */
  kill(): void;
  readonly ended: Promise<Ended>;
}

/** How it ended. */
export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

/** Where and how commands run. */
export interface CommandPlace {
  /** The file that Node runs: `cli/pdfmagic.mjs` of a project. */
  readonly program: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Starts it. @throws Error when the system starts no process */
export function startCommand({ program, env }: CommandPlace, args: readonly string[]): RunningCommand {
  const child = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const { pid } = child;
  if (pid === undefined) throw new Error(`pdfmagic ${args[0]} could not be started`);
  let [out, error] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    error += chunk.toString();
  });
  const closed = once(child, 'close');
  const ended = once(child, 'exit').then(async ([code]: (number | null)[]) => {
    // What it wrote may still be in the pipe; but a grandchild may hold the streams open after the end of a killed command.
    await waitAtMost(STREAM_PATIENCE, closed);
    return { code: code ?? null, out, error };
  });
  return { pid, kill: () => void child.kill('SIGKILL'), ended };
}

/** Runs it to its end. */
export function runCommand(place: CommandPlace, args: readonly string[]): Promise<Ended> {
  return startCommand(place, args).ended;
}
