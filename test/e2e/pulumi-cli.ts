/** The real Pulumi CLI on one stack, its state and settings in a folder of the test's own. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { onPath } from './on-path';

export const PULUMI_PRESENT = onPath('pulumi', 'version') && onPath('pulumi-language-nodejs', '-version');

/** How `up` and `refresh` end that have changed nothing. */
export const NOTHING_CHANGED = /^Resources:\n +\d+ unchanged\n/m;

export class PulumiCli {
  /** Of Pulumi, for this test alone. */
  readonly settings: Readonly<Record<string, string>>;
  readonly inStack: readonly string[];

  constructor(
    private readonly projectDir: string,
    folder: string,
    readonly stack: string,
  ) {
    const state = path.join(folder, 'pulumi');
    mkdirSync(state, { recursive: true });
    this.settings = {
      HOME: folder,
      PULUMI_BACKEND_URL: `file://${state}`,
      PULUMI_CONFIG_PASSPHRASE: 'test',
      PULUMI_SKIP_UPDATE_CHECK: 'true',
      PULUMI_HOME: path.join(folder, 'pulumi-home'),
    };
    this.inStack = ['--stack', stack];
  }

  /** Runs a command on the stack. @returns what it printed @throws Error with that, and with `stdout` alone, when it fails */
  async run(...args: string[]): Promise<string> {
    const running = promisify(execFile)('pulumi', this.#arguments(args), this.#options());
    const fail = ({ stdout, stderr }: { stdout: string; stderr: string }) => {
      throw Object.assign(new Error(`${stdout}${stderr}`), { stdout });
    };
    return (await running.catch(fail)).stdout;
  }

  /** Starts one. */
  start(...args: string[]): ChildProcess {
    return spawn('pulumi', this.#arguments(args), { ...this.#options(), stdio: ['ignore', 'pipe', 'pipe'] });
  }

  up(...args: string[]): Promise<string> {
    return this.run('up', '--yes', '--skip-preview', ...args);
  }

  #arguments(args: readonly string[]): string[] {
    return ['--non-interactive', '--color', 'never', ...args, ...this.inStack];
  }

  #options() {
    return { cwd: this.projectDir, env: { ...process.env, ...this.settings }, maxBuffer: 64 << 20 };
  }
}
