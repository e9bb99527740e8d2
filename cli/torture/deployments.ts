/** Deployments under way all the time: each with changed code, each as the command that a user types. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProjectCopy } from '../project-copy';
import { type CommandPlace, type RunningCommand, startCommand } from './command';
import { runnerOf } from './victims';

/** Milliseconds between two. */
const PAUSE = 1500;
/** How often is looked for a process, in milliseconds. */
const LOOK = 50;

/** Deploys again and again. */
export class Deployments {
  /** `up`s that were begun, and those that succeeded. */
  begun = 0;
  succeeded = 0;
  /** What an `up` said last that failed. */
  lastWords = '';
  private stopped = false;
  private current: { readonly command: RunningCommand; readonly since: number } | undefined;

  constructor(
    private readonly project: ProjectCopy,
    private readonly place: Omit<CommandPlace, 'program'>,
    private readonly options: readonly string[],
  ) {}

  /** Runs until `stop`. */
  async run(): Promise<void> {
    while (!this.stopped) {
      this.project.addLine('print-arguments/index.js', `\nconsole.log('changed ${this.begun + 1} times');`);
      const command = startCommand({ ...this.place, program: this.project.program }, ['up', ...this.options]);
      this.begun += 1;
      this.current = { command, since: performance.now() };
      const { code, error } = await command.ended;
      this.current = undefined;
      if (code === 0) this.succeeded += 1;
      else if (error !== '') this.lastWords = error.trim();
      await sleep(PAUSE);
    }
  }

  /** Lets the one under way come to its end. */
  stop(): void {
    this.stopped = true;
  }

  /**
   * Kills the runner, or the command that has started it, so many milliseconds after its start.
   * @returns whether there was one
   */
  async kill(what: 'runner' | 'pdfmagic', life: number): Promise<boolean> {
    while (this.current === undefined) {
      if (this.stopped) return false;
      await sleep(LOOK);
    }
    const { command, since } = this.current;
    await sleep(Math.max(0, since + life - performance.now()));
    if (this.current?.command !== command) return false;
    if (what === 'pdfmagic') {
      command.kill();
      return true;
    }
    const runner = runnerOf(command.pid);
    if (runner === undefined) return false;
    process.kill(runner, 'SIGKILL');
    return true;
  }
}
