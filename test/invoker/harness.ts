/** An invoker in a folder of its own for a test file, and invocations in few words. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, type TestContext } from 'vitest';
import type { Invoker, Outcome } from '../../platform/invoker/contract';
import { createInvoker, type InvokerOptions } from '../../platform/invoker/create-invoker';
import { invocation, type Say } from './harness-invocation';

export type Kind = 'bubblewrap' | 'process';

/** Why bubblewrap cannot be tested here; undefined when it can. */
export const bubblewrapProblem = findProblem();

function findProblem(): string | undefined {
  const trial = ['--ro-bind', '/', '/', '--proc', '/proc', '--unshare-pid', '--unshare-ipc', '--', '/bin/true'];
  const { error, status, stderr } = spawnSync('bwrap', trial, { encoding: 'utf8', env: { PATH: '/usr/bin:/bin' } });
  if (error) return 'bwrap is not installed';
  return status === 0 ? undefined : `bwrap does not work here: ${stderr.trim()}`;
}

/** The invoker of a test file. */
export class Bench {
  private started: Invoker | undefined;
  readonly dataDir = mkdtempSync(path.join(tmpdir(), 'pdfmagic-invoker-test-'));
  readonly messages: string[] = [];

  constructor(private readonly options: Partial<InvokerOptions>) {}

  get invoker(): Invoker {
    if (!this.started) throw new Error('The invoker is not started.');
    return this.started;
  }

  async start(): Promise<Invoker> {
    this.started = await createInvoker({
      dataDir: this.dataDir,
      apiHost: 'http://127.0.0.1:3233',
      log: (message) => this.messages.push(message),
      ...this.options,
    });
    return this.started;
  }

  async stop(): Promise<void> {
    await this.started?.stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  python(code: string, say: Say = {}): Promise<Outcome> {
    return this.run(code, { kind: this.kindOf('python'), ...say });
  }

  nodejs(code: string, say: Say = {}): Promise<Outcome> {
    return this.run(code, { kind: this.kindOf('nodejs'), ...say });
  }

  /** Runs an action that nobody else's warm sandbox fits, unless `name` says otherwise. */
  run(code: string, say: Say): Promise<Outcome> {
    return this.invoker.run(invocation(code, say));
  }

  kindOf(family: string): string {
    const runtime = this.invoker.runtimes.find((candidate) => candidate.family === family);
    if (!runtime) throw new Error(`There is no ${family} on this machine.`);
    return runtime.kind;
  }
}

/** Declares the same tests for both kinds of sandbox, each with an invoker of its own. */
export function inBothKinds(tests: (bench: Bench, kind: Kind) => void, options: Partial<InvokerOptions> = {}): void {
  inKind('bubblewrap', tests, options);
  inKind('process', tests, options);
}

/** Declares tests for one kind of sandbox; skips them, with the reason, where it cannot be had. */
export function inKind(
  kind: Kind,
  tests: (bench: Bench, kind: Kind) => void,
  options: Partial<InvokerOptions> = {},
): void {
  const problem = kind === 'bubblewrap' ? bubblewrapProblem : undefined;
  const name = kind === 'bubblewrap' ? 'in bubblewrap' : 'as a plain process';
  describe.skipIf(problem)(problem ? `${name} (skipped: ${problem})` : name, () => {
    const bench = new Bench({ ...options, sandbox: kind });
    beforeAll(() => bench.start());
    afterAll(() => bench.stop());
    tests(bench, kind);
  });
}

/** The text of log lines, without their time. */
export function textOf(logs: readonly string[]): string[] {
  return logs.map((line) => line.slice(line.indexOf('Z ') + 2));
}

/** Skips a test that only Linux can show. */
export function linuxOnly(context: TestContext): void {
  if (process.platform !== 'linux') context.skip('only Linux tells of processes in /proc');
}
