/** Keeps fake-gcs-server running: starts it, waits until it answers, starts it again when it ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../ground/errors';
import { isAlive, startOf } from '../../sandbox/processes/process-identity';
import { type Command, INFO_FD, type Place } from './command';
import { forgetServer, recordServer } from './orphan';

/** A server that is kept running. */
export interface Supervised {
  /** Where it listens, once it does; undefined when it does not come back within some seconds. */
  place(): Promise<Place | undefined>;
  /** The id of its process (group); undefined while it is not there. */
  pid(): number | undefined;
  /** Ends it for good, with its whole process group. */
  stop(): Promise<void>;
}

/** How to keep it. */
export interface SupervisorOptions {
  readonly command: () => Promise<Command>;
  /** Where the running process is written down for the next start. */
  readonly runDir: string;
  readonly log: (line: string) => void;
}

/** Milliseconds between two starts: doubled each time up to the last, until it has lived that long. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 5_000;
/** How long a start may take, and an end after SIGTERM, in milliseconds. */
const START_LIMIT = 20_000;
const STOP_LIMIT = 3_000;
/** How long a request waits for a server that is being restarted, in milliseconds. */
const PATIENCE = 15_000;

/** Starts it and resolves when it answers. @throws Error with what it said when it does not come up */
export async function supervise(options: SupervisorOptions): Promise<Supervised> {
  const supervisor = new Supervisor(options);
  await supervisor.start();
  void supervisor.keep();
  return { place: () => supervisor.waitUntilThere(), pid: () => supervisor.pid, stop: () => supervisor.stop() };
}

class Supervisor {
  place: Place | undefined;
  private child: ChildProcess | undefined;
  private ended: Promise<string> = Promise.resolve('it was not started');
  private stopping = new AbortController();

  constructor(private readonly options: SupervisorOptions) {}

  get pid(): number | undefined {
    return this.child?.pid;
  }

  async waitUntilThere(): Promise<Place | undefined> {
    const deadline = performance.now() + PATIENCE;
    while (this.place === undefined && performance.now() < deadline && !this.stopping.signal.aborted) await sleep(20);
    return this.place;
  }

  async start(): Promise<void> {
    const { file, args, env, place } = await this.options.command();
    // A process group of its own: Ctrl-C is for the platform, which ends this one in its turn.
    const child = spawn(file, [...args], {
      env: { PATH: process.env.PATH ?? '', ...env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    this.child = child;
    // First of all: an error that nobody hears would end the platform.
    this.ended = awaitEnd(child);
    if (child.pid !== undefined) {
      takeAlong(child);
      this.record(child.pid);
    }
    let end: string | undefined;
    void this.ended.then((how) => {
      end = how;
    });
    const deadline = performance.now() + START_LIMIT;
    while (!(await answers(place))) {
      if (end === undefined && performance.now() > deadline) {
        killGroup(child, 'SIGKILL');
        end = `it did not answer within ${START_LIMIT / 1000} s`;
      }
      if (end !== undefined) throw new Error(`fake-gcs-server does not start: ${end}`);
      await sleep(20);
    }
    this.place = place;
  }

  /** On a full disk it serves what is there all the same. */
  private record(pid: number): void {
    try {
      recordServer(this.options.runDir, pid);
    } catch (error) {
      const reason = messageOf(error);
      this.options.log(`storage: cannot record process ${pid} (fake-gcs-server) for the next start: ${reason}`);
    }
  }

  async keep(): Promise<void> {
    const { signal } = this.stopping;
    let pause = FIRST_PAUSE;
    for (;;) {
      const since = performance.now();
      const how = await this.ended;
      this.place = undefined;
      if (signal.aborted) return;
      pause = performance.now() - since > LONGEST_PAUSE ? FIRST_PAUSE : Math.min(pause * 2, LONGEST_PAUSE);
      this.options.log(`storage: fake-gcs-server ended (${how}); restarting it in ${pause} ms.`);
      await sleep(pause, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      await this.start().catch((error: Error) => this.options.log(`storage: ${error.message}`));
      if (signal.aborted) await this.end();
    }
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.end();
    forgetServer(this.options.runDir);
  }

  private async end(): Promise<void> {
    const child = this.child;
    if (child === undefined) return;
    killGroup(child, 'SIGTERM');
    const timer = setTimeout(() => killGroup(child, 'SIGKILL'), STOP_LIMIT);
    await this.ended;
    clearTimeout(timer);
    killGroup(child, 'SIGKILL');
  }
}

/**
 * Kills what is in the container when bubblewrap has ended. `--die-with-parent` does so, too, but not before bubblewrap's
 * first process in there has come to ask for it, which on a busy machine can be after the server answers.
 */
function takeAlong(child: ChildProcess): void {
  let info = '';
  child.stdio[INFO_FD]?.on('data', (chunk: Buffer) => {
    info += chunk.toString('utf8');
    const pid = Number(/"child-pid": *(\d+)/.exec(info)?.[1]);
    const started = startOf(pid);
    if (started === undefined) return;
    child.once('exit', () => {
      if (isAlive({ pid, started })) process.kill(pid, 'SIGKILL');
    });
  });
}

/** Resolves when a process has ended, with how it did and its last words. */
function awaitEnd(child: ChildProcess): Promise<string> {
  let words = '';
  const listen = (chunk: Buffer) => {
    words = (words + chunk.toString('utf8')).slice(-500);
  };
  child.stdout?.on('data', listen);
  child.stderr?.on('data', listen);
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) =>
      resolve(`${signal ?? `status ${code}`}${words === '' ? '' : `: ${words.trim()}`}`),
    );
  });
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It is gone.
  }
}

function answers(place: Place): Promise<boolean> {
  return new Promise((resolve) => {
    const request = http.get({ ...place, path: '/_internal/healthcheck', timeout: 2_000 }, (answer) => {
      answer.resume().once('close', () => resolve(answer.statusCode === 200 && answer.complete));
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
  });
}
