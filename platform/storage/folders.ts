/**
 * The files in which fake-gcs-server keeps objects, as far as the front door moves them. It writes a file and then, in a second
 * step, what it knows of it; killed between the two it leaves a file that it cannot list any more. So it makes them in a bucket
 * that no client sees, empty; each gets its content elsewhere, and is moved to its own place when it is whole, in one step.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, unlinkSync } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { UPLOADS } from './data-folder';
import { decodeName, encodeName, isBucket } from './object-names';
import type { ObjectPath } from './requests';

/** A bucket that no client can name. */
export const STAGING = '.staging';
/** What fake-gcs-server knows of a file, beside it, on file systems without extended attributes. */
const BESIDE = '.metadata';

export class ObjectFolders {
  private readonly objects: string;

  constructor(private readonly dataDir: string) {
    this.objects = path.join(dataDir, 'objects');
  }

  listBuckets(): string[] {
    return readdirSync(this.objects).filter((name) => isBucket(name));
  }

  hasBucket(bucket: string): boolean {
    return existsSync(path.join(this.objects, bucket));
  }

  /** Whether something is kept under that name, be it whole or not. */
  has(object: ObjectPath): boolean {
    return existsSync(this.file(object));
  }

  /** Opens an object's content; what replaces the object leaves that as it is. */
  open(object: ObjectPath): Promise<FileHandle> {
    return open(this.file(object), 'r');
  }

  /** Makes the place where fake-gcs-server writes, anew: nothing that it left in the middle of a write stays. */
  clearStaging(): void {
    rmSync(path.join(this.objects, STAGING), { recursive: true, force: true });
    rmSync(path.join(this.objects, `${STAGING}.bucketMetadata`), { force: true });
  }

  async makeStaging(): Promise<void> {
    await mkdir(path.join(this.objects, STAGING), { recursive: true, mode: 0o700 });
  }

  /** Removes that place when nothing is left there. */
  async tidyStaging(): Promise<void> {
    try {
      await rmdir(path.join(this.objects, STAGING));
      await rm(path.join(this.objects, `${STAGING}.bucketMetadata`), { force: true });
    } catch {
      this.clearStaging();
    }
  }

  /**
   * Takes what fake-gcs-server made under an id out of its hands.
   * @returns its file, which the next start removes unless it is published
   */
  async takeStaged(id: string): Promise<string> {
    const file = path.join(this.dataDir, UPLOADS, `${id}.object`);
    await move(path.join(this.objects, STAGING, id), file);
    return file;
  }

  /** Gives a file that is whole the name of an object; what had it before is gone. Its bytes are freed by another thread. */
  async publish(whole: string, object: ObjectPath): Promise<void> {
    const file = this.file(object);
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    await move(whole, file);
  }

  /** Removes a file that is not to be published. */
  async discard(file: string): Promise<void> {
    for (const each of [file, `${file}${BESIDE}`]) await rm(each, { force: true });
  }

  remove(object: ObjectPath): void {
    const file = this.file(object);
    unlinkSync(file);
    rmSync(`${file}${BESIDE}`, { force: true });
  }

  /** Names of all that is kept in a bucket, be it whole or not. */
  listNames(bucket: string): string[] {
    const folder = path.join(this.objects, bucket);
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && !entry.name.endsWith(BESIDE))
      .map((entry) =>
        decodeName(path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/')),
      );
  }

  /** Removes the files of a bucket that holds no object: folders, and what is not whole. */
  empty(bucket: string): void {
    const folder = path.join(this.objects, bucket);
    for (const entry of readdirSync(folder)) rmSync(path.join(folder, entry), { recursive: true, force: true });
  }

  private file({ bucket, name }: ObjectPath): string {
    return path.join(this.objects, bucket, ...encodeName(name).split('/'));
  }
}

async function move(from: string, to: string): Promise<void> {
  if (existsSync(`${from}${BESIDE}`)) await rename(`${from}${BESIDE}`, `${to}${BESIDE}`);
  await rename(from, to);
}
