/**
 * Runs PDFMagic's commands as a user would: own process, own data folder, own ports, empty HOME.
 * Nothing of the developer's own platform is touched.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deployedStack } from '../../cli/commands/deployed-stack';
import type { Stack } from '../../cli/stack/stack';
import { freePort } from '../../ground/free-port';
import { type PlatformFile, readPlatformFile, readWskprops } from '../../infra/targets/local/platform-file';

export const ROOT = path.resolve(__dirname, '../..');

export interface Run {
  readonly code: number | null;
  readonly output: string;
}

/** A place of its own for one test file. */
export class Machine {
  readonly folder: string;
  readonly dataDir: string;
  /** Temporary folder of everything that is started here. */
  readonly temporary: string;
  private readonly children = new Set<ChildProcess>();
  private ports: readonly [number, number] | undefined;

  /** @param name what the name of its folder begins with */
  constructor(
    private readonly environment: NodeJS.ProcessEnv = {},
    name = 'pdfmagic e2e-',
  ) {
    this.folder = mkdtempSync(path.join(tmpdir(), name));
    this.dataDir = path.join(this.folder, 'data');
    this.temporary = path.join(this.folder, 'tmp');
    mkdirSync(this.temporary);
  }

  /** Runs a command to its end. */
  async run(command: string, ...args: string[]): Promise<Run> {
    const child = await this.spawn(command, args);
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, output };
  }

  /** What is deployed, by the outputs that the command prints. */
  async stack(): Promise<Stack> {
    return deployedStack(JSON.parse((await this.run('outputs', '--json')).output), this.dataDir);
  }

  /** Starts `platform` and waits until it says that it is ready. */
  async startPlatform(...args: string[]): Promise<RunningPlatform> {
    const child = await this.spawn('platform', args);
    let output = '';
    await new Promise<void>((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr]) {
        stream?.on('data', (chunk: Buffer) => {
          output += chunk.toString();
          if (/^ready/m.test(output)) resolve();
        });
      }
      child.on('close', (code) => reject(new Error(`the platform ended with ${code}:\n${output}`)));
    });
    const file = readPlatformFile(this.dataDir);
    const auth = readWskprops(this.dataDir)?.get('AUTH');
    if (file === undefined || auth === undefined) throw new Error('the platform wrote no files');
    const authorization = `Basic ${Buffer.from(auth).toString('base64')}`;
    return { child, file, auth, authorization, output: () => output };
  }

  /** Ends what still runs and removes the folder. */
  async close(): Promise<void> {
    const running = [...this.children].filter((child) => child.exitCode === null && child.signalCode === null);
    for (const child of running) child.kill('SIGTERM');
    await Promise.all(running.map((child) => once(child, 'close')));
    await rm(this.folder, { recursive: true, force: true });
  }

  private async spawn(command: string, args: readonly string[]): Promise<ChildProcess> {
    this.ports ??= [await freePort(), await freePort()];
    const [port, storagePort] = this.ports;
    const places = ['--data', this.dataDir, '--port', `${port}`, '--storage-port', `${storagePort}`];
    const child = spawn(process.execPath, ['cli/pdfmagic.mjs', command, ...places, ...args], {
      cwd: ROOT,
      env: { ...process.env, HOME: this.folder, TMPDIR: this.temporary, ...this.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.children.add(child);
    return child;
  }
}

export interface RunningPlatform {
  readonly child: ChildProcess;
  readonly file: PlatformFile;
  readonly auth: string;
  /** The header that the key makes. */
  readonly authorization: string;
  output(): string;
}
