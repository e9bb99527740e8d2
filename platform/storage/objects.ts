/** Objects as fake-gcs-server and the front door keep them together: looked at, written whole or not at all, removed. */
import { randomUUID } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { Json } from '../../ground/json';
import { type Checksums, checkChecksums, computeChecksums } from './checksums';
import { type Piece, storePieces } from './content';
import { ObjectFolders, STAGING } from './folders';
import { GoogleError, noSuchBucket } from './google-error';
import { Locks } from './locks';
import { decodeName, encodeName } from './object-names';
import { Overflow } from './overflow';
import type { Refusals } from './refused';
import type { ObjectPath } from './requests';
import { entryOf, entryOfOverflow, type ObjectRecord, RECORD_KEY, readObject, type Stored, storedOf } from './resource';
import type { Upstream } from './upstream';

/** The most that an object may have, in bytes. */
export const LARGEST_OBJECT = 1024 ** 3;

export class Objects {
  private readonly folders: ObjectFolders;
  private readonly overflow: Overflow;
  private readonly locks = new Locks();
  /** Of records that were there before anybody wrote. */
  private readonly old: readonly string[];
  private latest = 0n;

  constructor(
    private readonly upstream: Upstream,
    private readonly refusals: Refusals,
    dataDir: string,
  ) {
    this.folders = new ObjectFolders(dataDir);
    this.overflow = new Overflow(dataDir);
    this.old = this.overflow.ids();
  }

  /** Runs a step while nobody else changes that object. */
  locked<Result>(object: ObjectPath, step: () => Promise<Result>): Promise<Result> {
    return this.locks.run(`${object.bucket}/${object.name}`, step);
  }

  /** @throws GoogleError 404 */
  requireBucket(bucket: string): void {
    if (!this.folders.hasBucket(bucket)) throw noSuchBucket();
  }

  /** The object that is there now. What is not whole is none. @throws GoogleError 404 for the bucket, 503 */
  async look(object: ObjectPath): Promise<Stored | undefined> {
    this.requireBucket(object.bucket);
    if (!this.folders.has(object)) return undefined;
    const path = `/storage/v1/b/${object.bucket}/o/${encodeURIComponent(encodeName(object.name))}?projection=full`;
    const { status, body } = await this.upstream.ask({ method: 'GET', path });
    if (status === 404) return undefined;
    if (status !== 200)
      throw new GoogleError(503, `The storage emulator could not look at an object (status ${status}).`);
    const told = readObject(JSON.parse(body.toString('utf8')) as Json);
    return storedOf(object, told, (id) => this.overflow.read(id));
  }

  /** The objects of a bucket, in no order. @throws GoogleError 404 for the bucket, 503 */
  async list(bucket: string): Promise<Stored[]> {
    this.requireBucket(bucket);
    const told = await this.listAtOnce(bucket);
    if (told !== undefined) return told;
    // One file that is not whole keeps fake-gcs-server from listing all others.
    const found: Stored[] = [];
    for (const name of this.folders.listNames(bucket)) {
      const stored = await this.look({ bucket, name }).catch(() => undefined);
      if (stored !== undefined) found.push(stored);
    }
    return found;
  }

  /** Opens the content of an object that was looked at; the one who opens closes. */
  open(object: ObjectPath): Promise<FileHandle> {
    return this.folders.open(object);
  }

  /** A generation that no object here had before: microseconds, as Google's are. */
  makeGeneration(before: Stored | undefined): string {
    const now = BigInt(Date.now()) * 1000n;
    const last = before === undefined ? 0n : BigInt(before.generation);
    this.latest = [this.latest + 1n, last + 1n, now].reduce((a, b) => (a > b ? a : b));
    return this.latest.toString();
  }

  /**
   * Writes an object, whole or not at all. To be called within `locked`.
   * @param before what it replaces
   * @throws GoogleError 400 for a wrong checksum, 404 for the bucket, 413, 503, 507
   */
  async put(
    object: ObjectPath,
    content: readonly Piece[],
    record: ObjectRecord,
    before: Stored | undefined,
    expected: Checksums = {},
  ): Promise<Stored> {
    const size = content.reduce((sum, piece) => sum + piece.size, 0);
    if (size > LARGEST_OBJECT)
      throw new GoogleError(413, `The object has ${size} bytes. This emulator accepts at most ${LARGEST_OBJECT}.`);
    const hashes = await computeChecksums(content);
    checkChecksums(expected, hashes);
    const inline = entryOf({ ...record, ...hashes });
    let overflow: string | undefined;
    let file: string | undefined;
    try {
      if (inline === undefined) overflow = await this.overflow.write(JSON.stringify({ ...record, ...hashes }));
      const blank = await this.makeBlank(inline ?? entryOfOverflow(overflow ?? ''));
      file = blank.file;
      await fill(file, content);
      await this.locks.run(`bucket ${object.bucket}`, async () => {
        this.requireBucket(object.bucket);
        await this.folders.publish(blank.file, object);
      });
      // If that fails, the next start does it.
      await this.overflow.remove(before?.overflow).catch(() => undefined);
      return { ...object, ...record, ...hashes, size, acl: blank.acl, overflow };
    } catch (error) {
      await this.overflow.remove(overflow);
      if (file !== undefined) await this.folders.discard(file);
      throw this.refusals.interpretError(error) ?? error;
    }
  }

  /** Removes an object. To be called within `locked`. */
  async remove(stored: Stored): Promise<void> {
    this.folders.remove(stored);
    await this.overflow.remove(stored.overflow).catch(() => undefined);
  }

  /** Runs the deletion of a bucket while nothing gets into it. @throws GoogleError 404; 409 when there is something in it */
  async emptied<Result>(bucket: string, step: () => Promise<Result>): Promise<Result> {
    return this.locks.run(`bucket ${bucket}`, async () => {
      if ((await this.list(bucket)).length > 0)
        throw new GoogleError(409, 'The bucket you tried to delete is not empty.');
      this.folders.empty(bucket);
      return step();
    });
  }

  /** Removes records that a platform left that was killed while it wrote. To be called once there is a server. */
  async sweep(): Promise<void> {
    if (this.old.length === 0) return;
    const kept = new Set<string>();
    for (const bucket of this.folders.listBuckets())
      for (const { overflow } of await this.list(bucket)) if (overflow) kept.add(overflow);
    for (const id of this.old) if (!kept.has(id)) await this.overflow.remove(id);
  }

  private async listAtOnce(bucket: string): Promise<Stored[] | undefined> {
    const path = `/storage/v1/b/${bucket}/o?maxResults=999999999`;
    const { status, body } = await this.upstream.ask({ method: 'GET', path });
    if (status !== 200) return undefined;
    const { items } = readObject(JSON.parse(body.toString('utf8')) as Json);
    const found: Stored[] = [];
    for (const item of Array.isArray(items) ? items : []) {
      const told = readObject(item);
      const object = { bucket, name: decodeName(String(told.name)) };
      // Replaced or removed a moment ago: then it is looked at once more.
      const stored = await storedOf(object, told, (id) => this.overflow.read(id)).catch(() => this.look(object));
      if (stored !== undefined) found.push(stored);
    }
    return found;
  }

  /**
   * Has fake-gcs-server make an object without content, whose file gets that afterwards.
   * @param entry the one of its metadata
   */
  private makeBlank(entry: string): Promise<{ readonly file: string; readonly acl: Json | undefined }> {
    // It makes one after the other, too. So what lies there after a failure is of this one.
    return this.locks.run(STAGING, async () => {
      try {
        await this.folders.makeStaging();
        const path = `/upload/storage/v1/b/${STAGING}/o?uploadType=media&name=${randomUUID()}`;
        const type = { 'content-type': 'application/octet-stream', 'content-length': 0 };
        const { status, body } = await this.upstream.ask({
          ...{ method: 'POST', path },
          headers: { ...type, [`x-goog-meta-${RECORD_KEY}`]: entry },
        });
        if (status !== 200) {
          this.refusals.check(status, body);
          throw new GoogleError(503, `The storage emulator could not write: ${body.toString('utf8').slice(0, 200)}`);
        }
        const told = readObject(JSON.parse(body.toString('utf8')) as Json);
        const file = await this.folders.takeStaged(String(told.name));
        await this.folders.tidyStaging().catch(() => undefined);
        return { file, acl: told.acl };
      } catch (error) {
        this.folders.clearStaging();
        throw error;
      }
    });
  }
}

async function fill(name: string, content: readonly Piece[]): Promise<void> {
  const file = await open(name, 'r+');
  try {
    await storePieces(content, file);
  } finally {
    await file.close();
  }
}
