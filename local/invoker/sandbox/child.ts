/** A sandbox's first process with its five streams. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { closingAbove } from './descriptors';
import { SandboxError } from './sandbox';

/** The started process. */
export interface Child {
  readonly process: ChildProcess;
  readonly pid: number;
  readonly requests: Writable;
  readonly answers: Readable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Descriptor 4, on which bubblewrap tells about itself; only when asked for. */
  readonly information?: Readable;
  /** The process is gone and its streams have been read to their end. */
  readonly closed: Promise<void>;
  /** The process is gone. */
  readonly exited: Promise<void>;
}

/** Options of `startChild`. */
export interface ChildOptions {
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** A new session and process group. */
  readonly detached: boolean;
  readonly information: boolean;
}

/** Starts a process that has these streams and no other descriptor of the platform; rejects with a SandboxError when the program cannot be started. */
export async function startChild(command: readonly string[], options: ChildOptions): Promise<Child> {
  const [first = ''] = command;
  const [program = '', ...args] = closingAbove(options.information ? 4 : 3, command);
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...options.environment },
    detached: options.detached,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe', ...(options.information ? ['pipe' as const] : [])],
  });
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const closed = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => reject(new SandboxError(`Cannot start ${first}: ${error.message}`)));
  });
  const [requests, stdout, stderr, answers, information] = child.stdio;
  if (child.pid === undefined || !requests || !stdout || !stderr || !isReadable(answers)) {
    throw new SandboxError(`Cannot start ${first}: it has no streams.`);
  }
  // A write to a sandbox that has just died is no error of ours: its end is seen by `exited`.
  for (const stream of child.stdio) stream?.on('error', () => {});
  return {
    process: child,
    pid: child.pid,
    requests,
    stdout,
    stderr,
    answers,
    closed,
    exited,
    ...(isReadable(information) ? { information } : {}),
  };
}

function isReadable(stream: Readable | Writable | null | undefined): stream is Readable {
  return typeof stream === 'object' && stream !== null && 'read' in stream;
}
