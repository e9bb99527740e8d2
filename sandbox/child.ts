/** A sandbox's first process with its streams. */
import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { canScope, enterSandbox } from './enter';
import { killUntilGone } from './processes/kill';
import { readProcess } from './processes/stat';
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
  /** Variables of every program on the way to the sandbox's own, which may get others: nothing that a guest chooses. */
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** A new session and process group. */
  readonly detached: boolean;
  readonly information: boolean;
  /** What is to be read from the descriptors behind the streams, each to its end. */
  readonly inputs: readonly (Buffer | string)[];
  /** Without a way to abstract Unix sockets and processes outside, where the kernel can do that. */
  readonly scoped: boolean;
}

/** Ends a process that nobody can remember, with all that descends from it. */
export async function abandonChild({ process: started, pid, closed }: Child): Promise<void> {
  const isThere = () => started.exitCode === null && started.signalCode === null;
  await killUntilGone(() => [isThere() ? readProcess(pid) : undefined].filter((entry) => entry !== undefined));
  await closed;
}

/** Descriptors of requests, stdout, stderr and answers come first. */
const STREAMS = 4;

/**
 * Starts a process that has these streams, and neither another descriptor of the platform nor its keyring; rejects with a
 * SandboxError when the program cannot be started.
 */
export async function startChild(command: readonly string[], options: ChildOptions): Promise<Child> {
  const [first = ''] = command;
  const told = STREAMS + (options.information ? 1 : 0);
  const descriptors = told + options.inputs.length;
  const [program = '', ...args] = enterSandbox(descriptors - 1, options.scoped && canScope(), command);
  const child: ChildProcess = spawn(program, args, {
    cwd: options.cwd,
    env: { ...options.environment },
    detached: options.detached,
    stdio: Array<'pipe'>(descriptors).fill('pipe'),
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
  const streams = child.stdio.map((stream) => (stream instanceof Socket ? stream : undefined));
  const [requests, stdout, stderr, answers, information] = streams;
  if (child.pid === undefined || !requests || !stdout || !stderr || !answers) {
    throw new SandboxError(`Cannot start ${first}: it has no streams.`);
  }
  // A write to a sandbox that has just died is no error of ours: its end is seen by `exited`.
  for (const stream of streams) stream?.on('error', () => {});
  for (const [at, input] of options.inputs.entries()) streams[told + at]?.end(input);
  return {
    process: child,
    pid: child.pid,
    requests,
    stdout,
    stderr,
    answers,
    closed,
    exited,
    ...(options.information && information ? { information } : {}),
  };
}
