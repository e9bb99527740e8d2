/** Parameters, request bodies, buckets and events at once, again and again, until told to stop; what was accepted is written down. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { PACKAGE, TRIGGER } from '../../contract/names';
import { putName } from '../client/by-bucket';
import { postJpeg } from '../client/by-request';
import { type Answer, jsonOf } from '../client/http';
import type { OpenWhiskApi } from '../client/openwhisk';
import type { Service } from '../client/service';
import type { StressFile } from '../stress/files';
import { Uploader } from '../stress/upload';
import type { Random } from './random';

/** Milliseconds between two requests of one worker, at most. */
const LONGEST_PAUSE = 250;

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
    private readonly service: Service,
    private readonly openwhisk: OpenWhiskApi,
    private readonly files: readonly StressFile[],
    private readonly random: Random,
  ) {
    this.uploader = new Uploader(service);
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
    const image = { image: small.bytes.toString('base64') };
    await Promise.all([
      this.repeat(() => this.byEvent()),
      this.repeat(() => this.byBucket()),
      this.repeat(() => this.byBody(small.bytes)),
      this.repeat(() => this.accept(`actions/${PACKAGE}/v0`, image)),
      this.repeat(() => this.accept(`triggers/${TRIGGER}`, this.event())),
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
    await this.answerTo(putName(this.service, file.name));
  }

  private async byBody(jpeg: Buffer): Promise<void> {
    const answer = await this.answerTo(postJpeg(this.service, jpeg));
    if (answer?.status !== 200) return;
    if (answer.body.subarray(0, 5).toString() === '%PDF-') this.answered += 1;
    else this.wrong.push(`v1 answered 200 and ${answer.body.length} bytes that are not a PDF`);
  }

  /** What a new file's event says, of a file that may be there. */
  private event(): object {
    return { bucket: this.service.inBucket.name, name: this.random.pick(this.uploaded)?.name ?? 'none.jpg' };
  }

  /** Without waiting for the result. */
  private async accept(path: string, body: object): Promise<void> {
    const answer = await this.answerTo(this.openwhisk.send('POST', path, body));
    if (answer?.status === 202) this.accepted.push(accepted.parse(jsonOf(answer)).activationId);
  }

  /** Each request is sent once. */
  private async answerTo(request: Promise<Answer>): Promise<Answer | undefined> {
    const answer = await request.catch(() => undefined);
    if (answer === undefined || answer.status < 200 || answer.status > 299) this.failed += 1;
    return answer;
  }
}
