/** One instance of a service: a process that listens on a port of loopback, from its start to its end. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../free-port';
import { type Command, INFO_FD } from './command';

/** Milliseconds: to get ready, and from SIGTERM to SIGKILL as on Cloud Run. */
const START_LIMIT = 120_000;
const STOP_LIMIT = 10_000;
const LOOPBACK = '127.0.0.1';
/** Lines of its output that are kept for an error. */
const LAST_WORDS = 10;

/** An instance that is ready. */
export interface Instance {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Process id of the service's first process. */
  readonly pid: number;
  /** Resolves when it has ended, for whatever reason. */
  readonly ended: Promise<void>;
  /** SIGTERM, then SIGKILL; resolves when it has ended. */
  stop(): Promise<void>;
}

/**
 * Starts one and resolves when it is ready.
 * @param environment variables of the service
 * @param log takes what it writes
 * @throws Error with its last words when it does not get ready
 */
export async function startInstance(
  command: Command,
  environment: Readonly<Record<string, string>>,
  log: (line: string) => void,
): Promise<Instance> {
  const port = await freePort();
  const child = spawn(command.file, [...command.args, '--bind', `${LOOPBACK}:${port}`], {
    env: { ...command.env, ...environment, PORT: String(port) },
    cwd: '/',
    // Ctrl-C is for the platform, which ends this one in its turn.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const words = listen(child, log);
  let isOver = false;
  const ended = new Promise<void>((resolve) => {
    const end = () => {
      isOver = true;
      resolve();
    };
    child.once('error', (error) => {
      words.push(error.message);
      end();
    });
    child.once('close', end);
  });
  const pid = command.isContained ? firstProcess(child) : Promise.resolve(child.pid);
  const stop = async (): Promise<void> => {
    const first = await pid;
    if (!isOver && first !== undefined) signal(first, 'SIGTERM');
    await Promise.race([ended, sleep(STOP_LIMIT, undefined, { ref: false })]);
    if (!isOver) child.kill('SIGKILL');
    await ended;
  };
  const url = `http://${LOOPBACK}:${port}`;
  const deadline = Date.now() + START_LIMIT;
  while (!(await isReady(url))) {
    if (isOver || Date.now() > deadline) {
      await stop();
      throw new Error(`the service does not get ready: ${words.join(' ').trim() || 'it said nothing'}`);
    }
    await sleep(10);
  }
  return { url, pid: (await pid) ?? 0, ended, stop };
}

/** Passes on what it writes, and keeps the last of it. */
function listen(child: ChildProcess, log: (line: string) => void): string[] {
  const words: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => {
      log(line);
      words.push(line);
      if (words.length > LAST_WORDS) words.shift();
    });
  }
  return words;
}

/** The process that bubblewrap names; undefined when it ended before. */
function firstProcess(child: ChildProcess): Promise<number | undefined> {
  let told = '';
  return new Promise((resolve) => {
    const stream = child.stdio[INFO_FD] as Readable;
    stream.on('data', (chunk: Buffer) => {
      told += chunk.toString('utf8');
    });
    stream.once('close', () => {
      const pid = Number(/"child-pid": *(\d+)/.exec(told)?.[1]);
      resolve(Number.isInteger(pid) ? pid : undefined);
    });
    child.once('error', () => resolve(undefined));
  });
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It is gone.
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(5_000) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}
