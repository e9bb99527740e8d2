/** The photographs of an album while it is made: objects below one fresh folder of the in bucket, removed afterwards. */
import { randomUUID } from 'node:crypto';
import pLimit from 'p-limit';
import { PART } from '../../contract/options';
import { abortable } from './abortable';
import { cleanName } from './by-bucket';
import type { Service } from './service';

/** Objects removed at a time. */
const REMOVALS = 8;
/** Milliseconds for removing all of them. */
const REMOVAL_TIMEOUT = 60_000;

/** What one album has in the buckets. */
export class Parts {
  private readonly folder = `cli/${randomUUID()}`;
  private readonly uploads = new Map<string, Promise<unknown>>();
  private readonly service: Service;
  /** Name of the PDF in the out bucket. */
  readonly into: string;

  /** @param pdf name of the PDF, which has it as a title */
  constructor(service: Service, pdf: string) {
    this.service = service;
    this.into = `${this.folder}/${cleanName(pdf)}`;
  }

  /**
   * Uploads a photograph. Its arrival makes no PDF.
   * @param at a number that no other of the album has
   * @returns its name
   * @throws Failure; the reason of the signal
   */
  async upload(file: string, at: number, signal: AbortSignal): Promise<string> {
    const name = `${this.folder}/${at}/${cleanName(file)}`;
    const marks = { [PART.key]: PART.value };
    // Not ended by the signal, since Google's client knows none: what is under way may arrive, and has to be removed after that.
    const upload = this.service.inBucket.upload(file, name, { marks });
    this.uploads.set(name, upload);
    await abortable(upload, signal);
    return name;
  }

  /** The number of a photograph; undefined for a name that is none of the album's. */
  numberOf(name: string): number | undefined {
    return this.uploads.has(name) ? Number(name.slice(this.folder.length + 1).split('/')[0]) : undefined;
  }

  /** Removes all of it, as far as the buckets permit. @returns where something is left, and undefined where nothing is */
  async remove(): Promise<string | undefined> {
    const { inBucket, outBucket } = this.service;
    const signal = AbortSignal.timeout(REMOVAL_TIMEOUT);
    const limit = pLimit(REMOVALS);
    const removals = [...this.uploads].map(([name, upload]) =>
      limit(async () => {
        await abortable(Promise.allSettled([upload]), signal);
        await inBucket.remove(name, signal);
      }),
    );
    const ends = await Promise.allSettled([...removals, outBucket.remove(this.into, signal)]);
    return ends.every(({ status }) => status === 'fulfilled') ? undefined : `${inBucket.name}/${this.folder}`;
  }
}
