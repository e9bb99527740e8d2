/** Runs the command `pdfmagic` as a user would: own process, a folder of its own as HOME and as current folder. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../e2e/machine';
import { onTerminal } from '../terminal';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder from which the command is run. */
export class Cli {
  constructor(
    readonly folder: string,
    /** Options of every run, such as which stack. */
    private readonly options: readonly string[] = [],
    private readonly env: NodeJS.ProcessEnv = {},
    /** A program and arguments that run the command as somebody else. */
    private readonly as: readonly string[] = [],
  ) {
    mkdirSync(folder, { recursive: true });
  }

  /** Puts the photograph of the examples into the folder, or other bytes. */
  file(name: string, bytes?: Buffer | string): void {
    const target = path.join(this.folder, name);
    mkdirSync(path.dirname(target), { recursive: true });
    if (bytes === undefined) cpSync(path.join(ROOT, 'examples/photo.jpg'), target);
    else writeFileSync(target, bytes);
  }

  files(folder = '.'): string[] {
    return readdirSync(path.join(this.folder, folder)).sort();
  }

  /** Runs the command on a terminal, without the options of every run. */
  onTerminal(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    return onTerminal(args, { cwd: this.folder, env: { PATH: process.env.PATH, HOME: this.folder, ...env } });
  }

  /** Starts the command; its output is collected. */
  start(command: string, ...args: string[]): { child: ChildProcess; ended: Promise<Ended>; stdout: () => string } {
    const own = [process.execPath, path.join(ROOT, 'cli/pdfmagic.mjs'), command, ...args, ...this.options];
    const [program = '', ...line] = [...this.as, ...own];
    const child = spawn(program, line, {
      cwd: this.folder,
      env: { PATH: process.env.PATH, HOME: this.folder, ...this.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }));
    return { child, ended, stdout: () => stdout };
  }

  /** Runs it with bytes on stdin; its stdout as bytes. */
  async pipe(input: Buffer, command: string, ...args: string[]): Promise<Omit<Ended, 'stdout'> & { stdout: Buffer }> {
    const line = [path.join(ROOT, 'cli/pdfmagic.mjs'), command, ...args, ...this.options];
    const env = { PATH: process.env.PATH, HOME: this.folder, ...this.env };
    const child = spawn(process.execPath, line, { cwd: this.folder, env, stdio: 'pipe' });
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    const [code] = await once(child, 'close');
    return { code, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() };
  }

  run(command: string, ...args: string[]): Promise<Ended> {
    return this.start(command, ...args).ended;
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
