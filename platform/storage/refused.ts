/** What fake-gcs-server's refusals mean: it gives status 500 for much that is the client's mistake, or a full disk. */
import { statfsSync } from 'node:fs';
import { hasCode } from '../../ground/errors';
import type { Json } from '../../ground/json';
import { GoogleError } from './google-error';

/** How Go's own packages begin when what they were to read is not well formed (mime/multipart, encoding/json, time). */
const MALFORMED = /^(multipart: |malformed MIME |mime: |invalid character |json: |parsing time |(unexpected )?EOF$)/;
const NO_SPACE = /no space left on device|disk quota exceeded/i;
/** Bytes: with less than this left, a disk is full for whoever wants to write. */
const NEXT_TO_NOTHING = 64 * 1024;
/** Milliseconds between two lines about a full disk. */
const LOG_PAUSE = 60_000;

/** Where objects are kept, and who is told when nothing more fits. */
export interface Disk {
  readonly dataDir: string;
  readonly log: (line: string) => void;
}

/** Looks at what fake-gcs-server refused. */
export class Refusals {
  private logged = Number.NEGATIVE_INFINITY;

  constructor(private readonly disk: Disk) {}

  /** @throws GoogleError 400 or 507 in place of an answer that does not say what it should */
  check(status: number, body: Buffer): void {
    const message = readMessage(body);
    if (status === 500 && MALFORMED.test(message)) throw new GoogleError(400, `The request is malformed: ${message}`);
    if (NO_SPACE.test(message) || this.isFull()) throw this.tellFull();
  }

  /** The refusal for an error of this process's own writing; undefined when the disk is not to blame. */
  interpretError(error: unknown): GoogleError | undefined {
    return hasCode(error, 'ENOSPC', 'EDQUOT') ? this.tellFull() : undefined;
  }

  private tellFull(): GoogleError {
    const { dataDir, log } = this.disk;
    const where = `There is no space left on the disk for ${dataDir}, where the storage emulator keeps its objects`;
    if (performance.now() - this.logged > LOG_PAUSE) {
      this.logged = performance.now();
      log(`storage: ${where}. Free some; what is there is kept.`);
    }
    // Not 503, after which clients would try again for minutes.
    return new GoogleError(507, `${where}. Free some and try again; what was there is kept.`);
  }

  private isFull(): boolean {
    try {
      const { bavail, bsize } = statfsSync(this.disk.dataDir);
      return bavail * bsize < NEXT_TO_NOTHING;
    } catch {
      return false;
    }
  }
}

/** The message of an error in Google's form, or all of another text. */
function readMessage(body: Buffer): string {
  const text = body.toString('utf8');
  try {
    const { error } = JSON.parse(text) as { error?: { message?: Json } };
    return typeof error?.message === 'string' ? error.message : text;
  } catch {
    return text;
  }
}
