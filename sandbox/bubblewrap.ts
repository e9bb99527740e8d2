/** Sandboxes by bubblewrap: the walls of `walls.ts`, the filter of `seccomp.ts`, and for a platform of root own users. */
import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { release } from 'node:os';
import { promisify } from 'node:util';
import { MAX_TASKS, setBounds } from './bounds';
import { abandonChild, type Child, startChild } from './child';
import { canScope } from './enter';
import { hasOwnUsers, isRoot, SETPRIV, switchUser } from './identity';
import { sendSignal } from './processes/kill';
import { continueAll, stopAll } from './processes/pause';
import type { ProcessRecords } from './processes/records';
import { listProcesses } from './processes/stat';
import { childrenOf, listDescendants } from './processes/tree';
import { releaseUser, takeUser } from './processes/users';
import { type ImageMagickPolicy, type Sandbox, SandboxError, type SandboxFactory, type SandboxSpec } from './sandbox';
import { buildSystemCallFilter } from './seccomp';
import { CODE, listOwnArguments, listSystemArguments, showCommand, TEMPORARY } from './walls';

const NO_FILTER = `Sandboxes have no system call filter here: there is none for ${process.arch}.`;

/** Starts sandboxes by the given `bwrap`. Whether it works at all is for the caller to try. */
export async function useBubblewrap(
  bwrap: string,
  policy: ImageMagickPolicy,
  records: ProcessRecords,
): Promise<SandboxFactory> {
  const { stdout: help } = await promisify(execFile)(bwrap, ['--help']);
  const system = listSystemArguments(help.includes('--size'));
  const scoped = canScope() && !needsItsBit(bwrap);
  const filter = buildSystemCallFilter({ architecture: process.arch, unixSockets: scoped });
  const described = ['--info-fd', '4', '--args', '5', ...(filter === undefined ? [] : ['--seccomp', '6'])];

  return {
    kind: 'bubblewrap',
    ...(filter === undefined ? { warning: NO_FILTER } : {}),
    async start(spec) {
      const identity = hasOwnUsers() ? takeUser() : undefined;
      const release = () => identity !== undefined && releaseUser(identity);
      try {
        const command = [bwrap, ...described, ...system, ...listOwnArguments(spec, policy), '--'];
        command.push(...(identity === undefined ? [] : [SETPRIV ?? '', ...switchUser(identity)]));
        command.push(...setBounds(showCommand(spec), countMaxTasks(identity !== undefined)));
        const inputs = [listVariables(spec), ...(filter === undefined ? [] : [filter])];
        const own = { environment: {}, cwd: '/', detached: true };
        const child = await startChild(command, { ...own, information: true, inputs, scoped });
        const ended = child.closed.then(() => records.remove(child.pid));
        const sandbox = await awaitSandbox(child, ended, records).catch(async (error: unknown) => {
          await abandonChild(child);
          throw error;
        });
        void ended.then(release);
        return sandbox;
      } catch (error) {
        release();
        throw error;
      }
    },
  };
}

/**
 * The program's variables as arguments that bubblewrap reads from a descriptor: a command line could be read by everybody on
 * this machine, and what is in the environment of the programs before would be obeyed by them.
 */
function listVariables({ environment }: SandboxSpec): string {
  const [HOME] = TEMPORARY;
  const all = Object.entries({ ...environment, HOME }).map(([name, value]) => ['--setenv', name, value]);
  return ['--clearenv', ...all.flat()].map((word) => `${word}\0`).join('');
}

/** A bubblewrap that an administrator made set-user-ID can do nothing once it may gain no privileges. */
function needsItsBit(bwrap: string): boolean {
  return !isRoot() && (statSync(bwrap).mode & 0o4000) !== 0;
}

/** Waits until bubblewrap names the first process of the new pid namespace: killing that one ends them all at once. */
async function awaitSandbox(child: Child, ended: Promise<void>, records: ProcessRecords): Promise<Sandbox> {
  records.add(child.pid);
  const init = await readFirstProcess(child);
  if (init === undefined) {
    const reason = await readAll(child);
    await ended;
    throw new SandboxError(`bubblewrap could not create a sandbox: ${reason.trim() || 'it said nothing'}`);
  }
  records.add(child.pid, { first: init });
  let isOver = false;
  let stopped: readonly number[] = [];
  void child.exited.then(() => {
    isOver = true;
  });
  return {
    pid: init,
    get temporary() {
      return listTemporary(init);
    },
    codePath: CODE,
    requests: child.requests,
    answers: child.answers,
    stdout: child.stdout,
    stderr: child.stderr,
    ended,
    processes: () => (isOver ? [] : listDescendants(init)),
    terminate() {
      // The namespace's first process is bubblewrap's own, and the program its first child.
      const [program] = isOver ? [] : childrenOf(init);
      if (program !== undefined) sendSignal(program, 'SIGTERM');
    },
    pause() {
      if (!isOver) stopped = stopAll(() => listDescendants(init).slice(1));
    },
    resume() {
      if (!isOver) continueAll(stopped);
      stopped = [];
    },
    kill() {
      // As long as bubblewrap has not seen its child's end, the child's number is nobody else's.
      if (!isOver) sendSignal(init, 'SIGKILL');
      return ended;
    },
  };
}

/**
 * The folders in memory of a sandbox; none before it has a root of its own. bubblewrap names its first process earlier, and
 * until then that one's /tmp is the machine's: its files would be charged to the action.
 */
function listTemporary(init: number): readonly string[] {
  try {
    const [own, ours] = [statSync(`/proc/${init}/root/`), statSync('/')];
    if (own.dev === ours.dev && own.ino === ours.ino) return [];
  } catch {
    return []; // The sandbox is gone.
  }
  return TEMPORARY.map((folder) => `/proc/${init}/root${folder}`);
}

/** The pid that bubblewrap tells. It is listened to until it has said all: a closed descriptor would end it half-way. */
function readFirstProcess({ information, exited }: Child): Promise<number | undefined> {
  let told = '';
  return new Promise((resolve) => {
    information?.on('data', (chunk: Buffer) => {
      told += chunk.toString();
    });
    information?.once('end', () => {
      const pid = /"child-pid":\s*(\d+)/.exec(told)?.[1];
      resolve(pid === undefined ? undefined : Number(pid));
    });
    void exited.then(() => resolve(undefined));
  });
}

async function readAll(child: Child): Promise<string> {
  let all = '';
  for await (const chunk of child.stderr) all += String(chunk);
  return all;
}

/**
 * The bound on tasks counts those of a user: a sandbox's own user, or, since Linux 5.14, those within its user namespace.
 * Before that it counts all of the user's on the machine, so theirs are added.
 */
function countMaxTasks(ownUser: boolean): number {
  const [major = 0, minor = 0] = release().split('.').map(Number);
  if (ownUser || major > 5 || (major === 5 && minor >= 14)) return MAX_TASKS;
  return listProcesses().length * 4 + MAX_TASKS;
}
