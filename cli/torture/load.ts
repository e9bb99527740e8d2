/** Every way at once, again and again, until told to stop; what was sent and what was accepted is written down. */
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
import { putPython } from './faults/run-action';
import { Random } from './random';

/** Milliseconds between two requests of one worker, at most. */
const LONGEST_PAUSE = 250;
/** Accepted invocations without a record, at most: a longer queue would only say that the machine is slow. */
const BACKLOG = 8;

/** An action that nobody else invokes: it has no more records than were asked for. */
export const COUNTED = 'torture-counted';

const accepted = z.object({ activationId: z.string() });

/** The load on one stack. */
export class Load {
  /** Ids of the invocations and fired triggers that were answered 202. */
  readonly accepted: string[] = [];
  /** Invocations of COUNTED that were sent, whatever was answered: each may have one record. */
  counted = 0;
  /** PDFs that v1 has answered. */
  answered = 0;
  /** Requests that were refused or cut off: while something is down, that is as it should be. */
  failed = 0;
  /** What was answered 200 and is no PDF. */
  readonly wrong: string[] = [];
  private readonly uploader: Uploader;
  private stopped = false;
  private next = 0;
  /** The newest that have no record yet, as far as is known. */
  private open: string[] = [];
  private waiting: Promise<void> | undefined;

  constructor(
    private readonly service: Service,
    private readonly openwhisk: OpenWhiskApi,
    private readonly files: readonly StressFile[],
    private readonly seed: number,
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

  /** Makes what the load needs beside the stack. */
  prepare(): Promise<void> {
    return putPython(this.openwhisk, COUNTED, 'def main(args):\n    return {}\n', { timeout: 10_000 });
  }

  /** Runs until `stop`. @throws Error when a file cannot be uploaded for two minutes */
  async run(): Promise<void> {
    const small = pickSmall(this.files);
    const image = { image: small.toString('base64') };
    const workers = [
      (random: Random) => this.byEvent(random),
      (random: Random) => this.byBucket(random),
      () => this.byBody(small),
      () => this.accept(`actions/${PACKAGE}/v0`, image),
      () => this.count(),
      (random: Random) => this.accept(`triggers/${TRIGGER}`, this.event(random)),
    ];
    // Each with numbers of its own: who is faster takes none away from another.
    await Promise.all(workers.map((work, at) => this.repeat(work, new Random(this.seed + at))));
  }

  /** Resolves soon after: requests under way are ended. */
  stop(): void {
    this.stopped = true;
  }

  private async repeat(work: (random: Random) => Promise<void>, random: Random): Promise<void> {
    while (!this.stopped) {
      this.waiting ??= this.awaitRoom().finally(() => {
        this.waiting = undefined;
      });
      await this.waiting;
      await work(random);
      await sleep(random.between(0, LONGEST_PAUSE));
    }
  }

  /** Invocations run in the order in which they came: when few of these wait, nobody waits long. */
  private async awaitRoom(): Promise<void> {
    while (!this.stopped && this.open.length >= BACKLOG) {
      const answer = await this.openwhisk.get(`activations/${this.open[0]}`).catch(() => undefined);
      if (answer?.status === 200) this.open.shift();
      else await sleep(LONGEST_PAUSE);
    }
  }

  /** A new file; when all are uploaded, a new generation of an earlier one. */
  private takeFile(random: Random): StressFile {
    const file = this.files[this.next++] ?? random.pick(this.files);
    if (file === undefined) throw new Error('no files');
    return file;
  }

  private async byEvent(random: Random): Promise<void> {
    await this.uploader.upload(this.takeFile(random));
  }

  private async byBucket(random: Random): Promise<void> {
    const file = this.takeFile(random);
    await this.uploader.upload(file);
    await this.answerTo(putName(this.service, file.name));
  }

  private async byBody(jpeg: Buffer): Promise<void> {
    const answer = await this.answerTo(postJpeg(this.service, jpeg));
    if (answer?.status !== 200) return;
    if (answer.body.subarray(0, 5).toString() === '%PDF-') this.answered += 1;
    else this.wrong.push(`v1 answered 200 and ${answer.body.length} bytes that are not a PDF`);
  }

  private async count(): Promise<void> {
    this.counted += 1;
    await this.accept(`actions/${COUNTED}`, {});
  }

  /** What a new file's event says, of a file that may be there. */
  private event(random: Random): object {
    return { bucket: this.service.inBucket.name, name: random.pick(this.uploaded)?.name ?? 'none.jpg' };
  }

  /** Without waiting for the result. */
  private async accept(path: string, body: object): Promise<void> {
    const answer = await this.answerTo(this.openwhisk.send('POST', path, body));
    if (answer?.status !== 202) return;
    const id = accepted.parse(jsonOf(answer)).activationId;
    this.accepted.push(id);
    this.open.push(id);
  }

  /** Each request is sent once. */
  private async answerTo(request: Promise<Answer>): Promise<Answer | undefined> {
    const answer = await request.catch(() => undefined);
    if (answer === undefined || answer.status < 200 || answer.status > 299) this.failed += 1;
    return answer;
  }
}

/** One that is small. @throws Error when there is none */
export function pickSmall(files: readonly StressFile[]): Buffer {
  const small = files.find(({ size }) => size !== undefined && size.width <= 320);
  if (small === undefined) throw new Error('no small photograph among the files');
  return small.bytes;
}
