/** An instance as a process that listens on a port of loopback, from its start to its end. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../free-port';
import { type Command, INFO_FD } from './command';
import { type Instance, Output, STOP_LIMIT, untilReady } from './instance';

const LOOPBACK = '127.0.0.1';

/**
 * Starts one and resolves when it is ready.
 * @param environment variables of the service
 * @param log takes what it writes
 * @throws Error with its last words when it does not get ready
 */
export async function startProcess(
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
  const output = new Output(log);
  for (const stream of [child.stdout, child.stderr]) if (stream !== null) output.listen(stream);
  let isOver = false;
  const ended = new Promise<void>((resolve) => {
    const end = () => {
      isOver = true;
      resolve();
    };
    child.once('error', (error) => {
      output.add(error.message);
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
  const instance = { url: `http://${LOOPBACK}:${port}`, ended, stop };
  await untilReady(instance, output);
  return { ...instance, pid: (await pid) ?? 0 };
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
