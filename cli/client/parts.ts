/** The photographs of an album while it is made: objects below one fresh folder of the in bucket, removed afterwards. */
import { randomUUID } from 'node:crypto';
import pLimit from 'p-limit';
import { PART } from '../../contract/options';
import { abortable } from './abortable';
import { cleanName } from './by-bucket';
import type { Service } from './service';

/** Objects removed at a time. */
const REMOVALS = 8;

/** What one album has in the buckets. */
export class Parts {
  private readonly folder = `cli/${randomUUID()}`;
  private readonly uploads = new Map<string, Promise<unknown>>();
  private readonly service: Service;
  /** Name of the PDF in the out bucket. */
  readonly into: string;
  /** Whether the PDF may be there. */
  isMade = false;

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

  /**
   * Removes all of it, as far as the buckets permit.
   * @param timeout milliseconds for all
   * @returns folders of buckets where something is left
   */
  async remove(timeout: number): Promise<string[]> {
    const { inBucket, outBucket } = this.service;
    const signal = AbortSignal.timeout(timeout);
    const limit = pLimit(REMOVALS);
    const removals = [...this.uploads].map(([name, upload]) =>
      limit(async (): Promise<boolean> => {
        const [end] = await abortable(Promise.allSettled([upload]), signal).catch(() => [undefined]);
        const isRemoved = await succeeds(inBucket.remove(name, signal));
        // What could not be uploaded is not there.
        return isRemoved || end?.status === 'rejected';
      }),
    );
    const [removed, isAlbumRemoved] = await Promise.all([
      Promise.all(removals),
      succeeds(outBucket.remove(this.into, signal)),
    ]);
    const isInLeft = removed.includes(false);
    return [
      ...(isInLeft ? [`${inBucket.name}/${this.folder}`] : []),
      ...(!isAlbumRemoved && this.isMade ? [`${outBucket.name}/${this.folder}`] : []),
    ];
  }
}

async function succeeds(work: Promise<void>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}
