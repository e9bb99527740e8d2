/** A platform of a command's own: in a folder that is removed with it, as a child process that can be killed. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../../ground/free-port';
import { waitForPlatform } from '../../platform/composition/running';
import { type ChildManner, startChild } from './child-platform';
import type { PlatformOptions } from './options';

/** A platform that may be ended and started again, at the same ports. */
export class OwnPlatform {
  readonly folder: string;
  readonly options: PlatformOptions & { readonly port: number; readonly storagePort: number };
  private child: ChildProcess | undefined;

  private constructor(
    folder: string,
    port: number,
    storagePort: number,
    private readonly manner: ChildManner,
  ) {
    this.folder = folder;
    this.options = { data: path.join(folder, 'data'), port, storagePort, sandbox: undefined };
  }

  /** Takes a folder and ports; nothing is started. @param name of the command */
  static async make(name: string): Promise<OwnPlatform> {
    return OwnPlatform.at(mkdtempSync(path.join(tmpdir(), `pdfmagic-${name}-`)));
  }

  /** The same in a folder that is there. */
  static async at(folder: string, manner: ChildManner = {}): Promise<OwnPlatform> {
    return new OwnPlatform(folder, await freePort(), await freePort(), manner);
  }

  /** Its process; undefined while none runs. */
  get pid(): number | undefined {
    return this.isRunning() ? this.child?.pid : undefined;
  }

  /** Starts it and waits until it answers. @throws Error when it does not start */
  async start(): Promise<void> {
    this.child = startChild(this.options, this.manner);
    await waitForPlatform(this.options.data, this.child);
  }

  /** Ends it and waits for its end. */
  async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (child === undefined || !this.isRunning()) return;
    const closed = once(child, 'close');
    if (child.kill(signal)) await closed;
  }

  /** Ends it, and removes all that it kept. */
  async remove(): Promise<void> {
    await this.end('SIGTERM');
    await rm(this.folder, { recursive: true, force: true });
  }

  private isRunning(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }
}
