/** A second platform, for faults that no platform can have beside healthy work: it has its own disk, clock and limits. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as runner from '../../runner';
import type { OpenWhiskApi } from '../client/openwhisk';
import { openService, type Service } from '../client/service';
import { deployedStack } from '../commands/deployed-stack';
import { OwnPlatform } from '../commands/own-platform';
import { PROGRAM, stackOf } from '../commands/stack-of';
import { PROJECT_DIR } from '../project';
import { type Ended, runCommand } from './command';
import { SmallDisk, whyNoDisk } from './small-disk';

const STUDENT = 'patient';
/** Megabytes: several times what a platform with a stack takes. */
const DISK = 400;

/** A platform with a stack. */
export class Patient {
  private constructor(
    readonly platform: OwnPlatform,
    readonly service: Service,
    readonly openwhisk: OpenWhiskApi,
    /** Undefined where none can be mounted. */
    readonly disk: SmallDisk | undefined,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** Makes it in a folder that exists and is empty, and deploys to it. */
  static async open(folder: string): Promise<Patient> {
    const place = path.join(folder, 'disk');
    const temporary = path.join(folder, 'tmp');
    mkdirSync(place);
    mkdirSync(temporary, { mode: 0o711 });
    const disk = whyNoDisk() === undefined ? new SmallDisk(place, DISK) : undefined;
    const env = { TMPDIR: temporary, CLOCK_OFFSET: path.join(folder, 'offset') };
    const clock = pathToFileURL(path.join(PROJECT_DIR, 'cli/torture/clock.mjs')).href;
    const manner = { env: { ...env, NODE_OPTIONS: `--import ${clock}` }, log: openSync(path.join(folder, 'log'), 'a') };
    const platform = await OwnPlatform.at(place, manner);
    await platform.start();
    const { data } = platform.options;
    const service = openService(deployedStack((await runner.up(stackIn(data))).outputs, data), false, true);
    if (service.openwhisk === undefined) throw new Error('a stack on another platform was deployed');
    return new Patient(platform, service, service.openwhisk, disk, { ...process.env, ...env });
  }

  get data(): string {
    return this.platform.options.data;
  }

  /** Its process. @throws Error when there is none */
  get pid(): number {
    if (this.platform.pid === undefined)
      throw new Error(`the patient's platform has ended: ${this.said().slice(-500)}`);
    return this.platform.pid;
  }

  /** File of the stack's state. */
  get state(): string {
    return path.join(this.data, 'stack', `${STUDENT}.json`);
  }

  /** All that its platforms have said. */
  said(): string {
    return readFileSync(path.join(path.dirname(this.platform.folder), 'log'), 'utf8');
  }

  /** Sets its time of day: wrong by so many milliseconds, 0 for right. */
  setClock(offset: number): void {
    writeFileSync(this.env.CLOCK_OFFSET ?? '', String(offset));
  }

  /** Open files of its platform. */
  countDescriptors(): number {
    return readdirSync(`/proc/${this.pid}/fd`).length;
  }

  /** Lets its platform open no more than so many files, with prlimit(1). */
  limitDescriptors(count: number): void {
    execFileSync('prlimit', ['--pid', String(this.pid), `--nofile=${count}:`]);
  }

  /** Runs a command of `pdfmagic` on it: `up` and its like with all they need to find it. */
  command(name: string, ...args: readonly string[]): Promise<Ended> {
    const { data, port, storagePort } = this.platform.options;
    const isStack = ['up', 'refresh', 'preview'].includes(name);
    const ports = ['--student', STUDENT, '--port', `${port}`, '--storage-port', `${storagePort}`];
    const options = name === 'platform' ? ports.slice(2) : isStack ? ports : [];
    return runCommand({ program: PROGRAM, env: this.env }, [name, ...args, '--data', data, ...options]);
  }

  /** Applies its stack. @returns what was done */
  apply(): Promise<runner.StackResult> {
    return runner.up(stackIn(this.data));
  }

  /** Ends it, with all that it kept. */
  async remove(): Promise<void> {
    await this.platform.end('SIGTERM');
    this.disk?.remove();
  }
}

/** Nobody is told of its resources. */
function stackIn(data: string): runner.StackOptions {
  return { ...stackOf({ data, student: STUDENT, platform: 'openwhisk' }), onEvent: () => undefined };
}
