/**
 * Resumable uploads: begun, continued after whatever broke, asked about, cancelled.
 * Source: https://cloud.google.com/storage/docs/performing-resumable-uploads.
 */
import type http from 'node:http';
import type { JsonObject } from '../../ground/json';
import { readAttributes } from './attributes';
import { type Checksums, readChecksumsInHeaders, readChecksumsInMetadata } from './checksums';
import { type ContentRange, readContentRange } from './content-range';
import { GoogleError } from './google-error';
import { Locks } from './locks';
import { parseMetadata } from './multipart';
import { readPreconditions } from './preconditions';
import { readNameInQuery, requireNamed } from './requests';
import { type Session, Sessions } from './sessions';
import { receiveMetadata, type Spool } from './spool';
import type { Writes } from './writes';

/** What a session answers: the object that it became, or how many bytes have come. */
export type Progress = { readonly made: JsonObject } | { readonly received: number };

/** Pieces before the last are whole multiples of this many bytes, and no part of it is kept of one that was cut off. */
const UNIT = 256 * 1024;
/** Milliseconds that the last bytes of a connection that its client gave up have to be read. */
const LAST_BYTES = 500;

export class ResumableUploads {
  private readonly sessions: Sessions;
  private readonly locks = new Locks();
  /** The request that brings bytes to a session now. */
  private readonly bringing = new Map<string, http.IncomingMessage>();

  constructor(
    private readonly spool: Spool,
    private readonly writes: Writes,
  ) {
    this.sessions = new Sessions(spool);
  }

  /** Begins an upload. @returns the id of its session. @throws GoogleError, ObjectNameError */
  async begin(request: http.IncomingMessage, bucket: string, query: URLSearchParams): Promise<string> {
    const { headers } = request;
    const metadata = parseMetadata(await receiveMetadata(request, this.spool.patience));
    const object = { bucket, name: readNameInQuery(query) ?? requireNamed(metadata.name) };
    const type = headers['x-upload-content-type'];
    const length = headers['x-upload-content-length'];
    const conditions = readPreconditions(query, headers);
    await this.writes.precheck(object, conditions);
    return this.sessions.begin({
      object,
      attributes: readAttributes({ ...(typeof type === 'string' && { contentType: type }), ...metadata }),
      conditions,
      checksums: { ...readChecksumsInHeaders(headers, false), ...readChecksumsInMetadata(metadata) },
      ...(typeof length === 'string' && /^\d{1,15}$/.test(length) && { total: Number(length) }),
    });
  }

  /** Takes what a request brings. @throws GoogleError 400, 404, 410, 412, 499, 503, 507 */
  async continue(request: http.IncomingMessage, id: string): Promise<Progress> {
    const range = readContentRange(request.headers['content-range']);
    const sent = readChecksumsInHeaders(request.headers, false);
    this.sessions.find(id);
    this.giveUpBefore(id);
    return this.locks.run(id, async () => {
      const session = this.sessions.find(id);
      if (session.cancelled) throw cancelledError();
      if (session.made !== undefined) return { made: session.made };
      const total = this.agree(session, range, this.sessions.size(id));
      if (range.first !== undefined) await this.take(request, id, range, total);
      else request.resume();
      const received = this.sessions.size(id);
      if (range.ends || received === total) {
        // Where the size is known, the end of a body says nothing.
        const missing = range.ends && total !== undefined && received < total;
        if (!missing) return this.finish(id, { ...session, checksums: { ...session.checksums, ...sent } });
      }
      // What is told from now on has to hold.
      if (total !== undefined && session.total === undefined) await this.sessions.change(id, { ...session, total });
      return { received };
    });
  }

  /** Ends a session without an object. @throws GoogleError 404, 410, and always 499, which is how Google says that it is done */
  async cancel(id: string): Promise<never> {
    this.sessions.find(id);
    this.giveUpBefore(id);
    return this.locks.run(id, async () => {
      const session = this.sessions.find(id);
      if (session.made === undefined) await this.sessions.end(id, { ...session, cancelled: true });
      throw cancelledError();
    });
  }

  /** A client that comes again has given up the request before, but for what of it is here already. */
  private giveUpBefore(id: string): void {
    const before = this.bringing.get(id);
    if (before !== undefined) setTimeout(() => before.destroy(), LAST_BYTES).unref();
  }

  /** The size of the object, if it is known. @throws GoogleError when a request contradicts what came before */
  private agree(session: Session, { first, last, total }: ContentRange, received: number): number | undefined {
    const before = session.total;
    if (total !== undefined && before !== undefined && total !== before)
      throw new GoogleError(400, `Invalid Content-Range: the size was given as ${before} bytes before, not ${total}.`);
    const known = total ?? before;
    const end = Math.max(received, last === undefined ? 0 : last + 1);
    if (known !== undefined && end > known)
      throw new GoogleError(400, `Invalid Content-Range: the size must be ${known} bytes, but there are ${end}.`);
    if (first !== undefined && first > received) {
      const where = `the upload offset is ${first} byte(s), which exceeds already uploaded size of ${received} byte(s)`;
      throw new GoogleError(503, `Invalid request. According to the Content-Range header, ${where}.`);
    }
    return known;
  }

  /** Keeps what a body brings: all of it when it is the last, else whole units; nothing of one that is not as announced. */
  private async take(
    request: http.IncomingMessage,
    id: string,
    range: ContentRange,
    total: number | undefined,
  ): Promise<void> {
    const { first = 0, last } = range;
    const before = this.sessions.size(id);
    const file = await this.sessions.open(id);
    this.bringing.set(id, request);
    let complete = false;
    try {
      const got = await this.spool.append(request, file, before, before - first);
      complete = got.complete;
      const most = last ?? (total === undefined ? Number.POSITIVE_INFINITY : total - 1);
      const announced = most - first + 1;
      if (got.bytes > announced || (complete && last !== undefined && got.bytes < announced)) {
        this.sessions.truncate(id, before);
        throw new GoogleError(400, `Content-Range says ${announced} bytes, but the body has ${got.bytes}.`);
      }
    } finally {
      this.bringing.delete(id);
      await file.close();
      const after = this.sessions.size(id);
      const isLast = complete && (range.ends || after === total);
      if (!isLast) this.sessions.truncate(id, Math.max(before, after - (after % UNIT)));
    }
    if (!complete)
      throw new GoogleError(503, 'The body was cut off. Ask how much of it arrived, and continue from there.');
  }

  private async finish(id: string, session: Session): Promise<Progress> {
    const { object, attributes, conditions } = session;
    const file = await this.sessions.open(id);
    try {
      const content = [{ file, start: 0, size: this.sessions.size(id) }];
      const checksums: Checksums = session.checksums;
      const made = this.writes.resource(
        await this.writes.write({ object, content, attributes, conditions, checksums }),
      );
      await this.sessions.end(id, { ...session, made });
      return { made };
    } catch (error) {
      // It will never do: what is wrong is the upload itself.
      const isFinal = error instanceof GoogleError && error.status >= 400 && error.status < 500;
      if (isFinal) await this.sessions.end(id, { ...session, cancelled: true });
      throw error;
    } finally {
      await file.close();
    }
  }
}

function cancelledError(): GoogleError {
  return new GoogleError(499, 'The upload was cancelled.');
}
