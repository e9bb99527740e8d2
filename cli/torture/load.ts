/** All four ways at once, again and again, until told to stop; what was accepted is written down. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { basicAuthorization } from '../../ground/basic-auth';
import type { StressFile } from '../stress/files';
import { Uploader } from '../stress/upload';
import type { Random } from './random';

/** What the load needs to know of a deployed stack. */
export interface Target {
  readonly apihost: string;
  /** The key, `UUID:KEY`. */
  readonly auth: string;
  readonly convertUrl: string;
  readonly storageEndpoint: string;
  readonly inBucket: string;
  readonly trigger: string;
}

/** Milliseconds between two requests of one worker, at most; and for one request. */
const LONGEST_PAUSE = 250;
const PATIENCE = 90_000;

const accepted = z.object({ activationId: z.string() });

/** The load on one stack. */
export class Load {
  /** Ids of the invocations and fired triggers that were answered 202. */
  readonly accepted: string[] = [];
  /** PDFs that v1 has answered. */
  answered = 0;
  /** Requests that were refused or cut off: while something is down, that is as it should be. */
  failed = 0;
  /** What was answered 200 and is no PDF. */
  readonly wrong: string[] = [];
  private readonly uploader: Uploader;
  private stopped = false;
  private next = 0;

  constructor(
    private readonly target: Target,
    private readonly files: readonly StressFile[],
    private readonly random: Random,
  ) {
    this.uploader = new Uploader(target.storageEndpoint, target.inBucket);
  }

  /** The uploads, by name. */
  get uploads(): Uploader['uploads'] {
    return this.uploader.uploads;
  }

  /** The files that were uploaded, whole. */
  get uploaded(): StressFile[] {
    return this.files.filter(({ name }) => (this.uploads.get(name)?.generation ?? 0n) > 0n);
  }

  /** Runs until `stop`. @throws Error when a file cannot be uploaded for two minutes */
  async run(): Promise<void> {
    const small = this.files.find(({ size }) => size !== undefined && size.width <= 320);
    if (small === undefined) throw new Error('no small photograph among the files');
    const image = JSON.stringify({ image: small.bytes.toString('base64') });
    await Promise.all([
      this.repeat(() => this.byEvent()),
      this.repeat(() => this.byBucket()),
      this.repeat(() => this.byBody(small.bytes)),
      this.repeat(() => this.accept('actions/pdfmagic/v0', image)),
      this.repeat(() => this.accept(`triggers/${this.target.trigger}`, this.event())),
    ]);
  }

  /** Resolves soon after: requests under way are ended. */
  stop(): void {
    this.stopped = true;
  }

  private async repeat(step: () => Promise<void>): Promise<void> {
    while (!this.stopped) {
      await step();
      await sleep(this.random.between(0, LONGEST_PAUSE));
    }
  }

  /** A new file; when all are uploaded, a new generation of an earlier one. */
  private takeFile(): StressFile {
    const file = this.files[this.next++] ?? this.random.pick(this.files);
    if (file === undefined) throw new Error('no files');
    return file;
  }

  private async byEvent(): Promise<void> {
    await this.uploader.upload(this.takeFile());
  }

  private async byBucket(): Promise<void> {
    const file = this.takeFile();
    await this.uploader.upload(file);
    const body = new URLSearchParams({ bucket: this.target.inBucket, name: file.name });
    await this.request(this.target.convertUrl, { method: 'PUT', body });
  }

  private async byBody(jpeg: Buffer): Promise<void> {
    const headers = { 'content-type': 'image/jpeg' };
    const answer = await this.request(this.target.convertUrl, { method: 'POST', headers, body: new Uint8Array(jpeg) });
    if (answer?.status !== 200) return;
    if (answer.body.subarray(0, 5).toString() === '%PDF-') this.answered += 1;
    else this.wrong.push(`v1 answered 200 and ${answer.body.length} bytes that are no PDF`);
  }

  /** What a new file's event says, of a file that may be there. */
  private event(): string {
    return JSON.stringify({ bucket: this.target.inBucket, name: this.random.pick(this.uploaded)?.name ?? 'none.jpg' });
  }

  /** Without waiting for the result. */
  private async accept(path: string, body: string): Promise<void> {
    const { apihost, auth } = this.target;
    const authorization = basicAuthorization(auth);
    const headers = { authorization, 'content-type': 'application/json' };
    const answer = await this.request(`${apihost}/api/v1/namespaces/_/${path}`, { method: 'POST', headers, body });
    if (answer?.status !== 202) return;
    this.accepted.push(accepted.parse(JSON.parse(answer.body.toString('utf8'))).activationId);
  }

  private async request(url: string, init: RequestInit): Promise<{ status: number; body: Buffer } | undefined> {
    try {
      const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(PATIENCE) });
      const body = Buffer.from(await answer.arrayBuffer());
      if (!answer.ok) this.failed += 1;
      return { status: answer.status, body };
    } catch {
      this.failed += 1;
      return undefined;
    }
  }
}
