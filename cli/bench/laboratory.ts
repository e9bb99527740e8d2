/** What measurements share: photos, a deployed platform of the bench's own, bare tools, the other OpenWhisk. Made when first needed. */
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as runner from '../../runner';
import { deployedStack } from '../commands/deployed-stack';
import { OwnPlatform } from '../commands/own-platform';
import { stackOf } from '../commands/stack-of';
import { PROJECT_DIR } from '../project';
import { BareConvert } from './bare-convert';
import { BareImg2pdf } from './bare-img2pdf';
import { type OpenWhiskApi, openService, type Service } from './client';
import type { OtherOpenWhisk } from './other';
import type { Pace } from './pace';
import { type BenchPhoto, makePhotos, readPhoto } from './photos';

/** How a laboratory is set up. */
export interface Setup {
  readonly pace: Pace;
  /** Ends everything. */
  readonly signal: AbortSignal;
  /** Takes a line for each step. */
  readonly progress: (line: string) => void;
  /** A JPEG to convert instead of those that the bench makes. */
  readonly photo: string | undefined;
  /** The OpenWhisk of `--against`. */
  readonly other: OtherOpenWhisk | undefined;
}

/** A platform with the service on it. */
export interface Deployed {
  readonly platform: OwnPlatform;
  readonly service: Service;
  readonly api: OpenWhiskApi;
}

/** Name of the stack, and so of the buckets, on the platforms of the bench. */
export const STUDENT = 'bench';

/** One run of the bench. */
export class Laboratory {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-bench-'));
  readonly convert = new BareConvert(this.folder, path.join(PROJECT_DIR, 'runtime/policy.xml'));
  private readonly platforms: OwnPlatform[] = [];
  private made: BenchPhoto[] | undefined;
  private installed: Promise<BareImg2pdf | string> | undefined;
  private deploying: Promise<Deployed> | undefined;

  constructor(readonly setup: Setup) {}

  /** The photos, the smallest first. */
  get photos(): readonly BenchPhoto[] {
    const { photo, pace } = this.setup;
    this.made ??= photo === undefined ? makePhotos(this.folder, pace.photos) : [readPhoto(photo)];
    return this.made;
  }

  /** img2pdf; or why it cannot be had. */
  img2pdf(): Promise<BareImg2pdf | string> {
    this.installed ??= BareImg2pdf.install(this.setup.progress);
    return this.installed;
  }

  /** A platform of the bench's own, in a process of its own, with the service. */
  deployed(): Promise<Deployed> {
    this.deploying ??= this.deploy();
    return this.deploying;
  }

  /** Another platform, not yet started. */
  async makePlatform(): Promise<OwnPlatform> {
    const platform = await OwnPlatform.make(STUDENT);
    this.platforms.push(platform);
    return platform;
  }

  /** The turns of everything that is compared; each says itself, and where the run has ended, there is no further one. */
  *rounds(what: string): Generator<number> {
    const { pace, progress } = this.setup;
    for (let round = 1; round <= pace.rounds; round += 1) {
      this.goOn();
      progress(pace.rounds === 1 ? what : `${what}, round ${round} of ${pace.rounds}`);
      yield round;
    }
  }

  /** @throws the reason of the signal, when the run has ended */
  goOn(): void {
    this.setup.signal.throwIfAborted();
  }

  /** Ends all that was started, and removes all that was made. */
  async close(): Promise<void> {
    await this.setup.other?.clean().catch(() => undefined);
    const img2pdf = await this.installed;
    if (typeof img2pdf === 'object') img2pdf.end();
    await Promise.all(this.platforms.map((platform) => platform.remove()));
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Puts the service on a platform that runs. */
  async deployTo(platform: OwnPlatform): Promise<Deployed> {
    const { data } = platform.options;
    const stack = stackOf({ data, student: STUDENT, platform: 'openwhisk' });
    const { outputs } = await runner.up({ ...stack, onEvent: () => undefined, signal: this.setup.signal });
    const service = openService(deployedStack(outputs, data), false, true);
    if (service.openwhisk === undefined) throw new Error('the stack is not on OpenWhisk');
    return { platform, service, api: service.openwhisk };
  }

  private async deploy(): Promise<Deployed> {
    this.setup.progress('starting a separate local platform, and deploying to it');
    const platform = await this.makePlatform();
    await platform.start();
    return this.deployTo(platform);
  }
}
