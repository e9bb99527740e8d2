/** Unpacking an action's zip, which may be hostile: nothing outside the folder, no links out of it, no bomb. */
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { chmod, mkdir, readdir, realpath, rm, rmdir, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { inflateRawSync } from 'node:zlib';
import pLimit from 'p-limit';
import { type Entry, fromBuffer, type ZipFile } from 'yauzl';
import { DiskFullError, isDiskFull } from '../../../ground/disk-full';
import { messageOf } from '../../../ground/errors';
import type { FilesOfZip } from './shared-files';

/** Bounds of an unpacked action. OpenWhisk takes 48 MB of base64. */
const MAX_UNPACKED = 512 * 1024 * 1024;
export const MAX_ENTRIES = 50_000;
const FILE_TYPE = 0o170000;
const SYMBOLIC_LINK = 0o120000;
const MAX_LINK = 4096;
const FOLDER_MODE = 0o755;
const AT_A_TIME = 8;
const DEFLATED = 8;
/** Bytes: takes a millisecond to unpack. */
const SMALL = 256 * 1024;

/** A zip, with all of its bytes. */
interface Opened {
  readonly zip: ZipFile;
  readonly bytes: Buffer;
  readonly shared: FilesOfZip | undefined;
}

/** Why a zip is not unpacked; the text is for the action's developer. */
export class ZipError extends Error {
  override readonly name = 'ZipError';
}

/** True for what begins like a zip. */
export function isZip(bytes: Buffer): boolean {
  return bytes.length >= 4 && (bytes.readUInt32LE(0) === 0x04034b50 || bytes.readUInt32LE(0) === 0x06054b50);
}

/**
 * Unpacks into an empty folder: files readable by all and writable by none, executable where the zip says so. Gives the names in
 * the zip.
 * @param shared finds files that another zip has, too; without it, all are written
 * @throws ZipError for a zip that is broken, leaves the folder, or is larger than the bounds; DiskFullError where it does not
 *   fit; the folder may hold a part
 */
export async function unzip(bytes: Buffer, folder: string, shared?: FilesOfZip): Promise<string[]> {
  const zip = await open(bytes);
  const listed = await listEntries(zip);
  try {
    await writeEntries({ zip, bytes, shared }, listed, folder);
    return listed.map(({ fileName }) => fileName);
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    const needed = listed.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0);
    throw new DiskFullError(path.dirname(folder), needed, error);
  }
}

async function writeEntries(opened: Opened, listed: readonly Entry[], folder: string): Promise<void> {
  const { zip } = opened;
  const entries = listed.map((entry) => ({ entry, target: resolveInside(folder, entry.fileName) }));
  const folders = entries.map(({ entry, target }) => (isFolder(entry) ? target : path.dirname(target)));
  for (const name of new Set([folder, ...folders])) {
    await mkdir(name, { recursive: true, mode: FOLDER_MODE }).catch(refuse(folder, name));
  }

  const files = entries.filter(({ entry }) => !isFolder(entry) && !isLink(entry));
  const umask = await readUmask(folder);
  await pLimit(AT_A_TIME).map(files, ({ entry, target }) => writeEntry(opened, entry, target, umask));
  // Last, so that no entry is ever written through a link.
  const links = entries.filter(({ entry }) => isLink(entry));
  for (const { entry, target } of links) await makeLink(zip, entry, target, folder);
  for (const { target } of links) await checkLink(target, folder);
  await chmod(folder, FOLDER_MODE);
  if (umask & FOLDER_MODE) await openFolders(folder);
}

/** Makes folders readable by all. */
async function openFolders(folder: string): Promise<void> {
  await chmod(folder, FOLDER_MODE);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await openFolders(path.join(folder, entry.name));
  }
}

function open(bytes: Buffer): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    // yauzl itself refuses absolute names and `..`, and that an entry unpacks to another size than it declares.
    fromBuffer(bytes, { lazyEntries: true, autoClose: false, validateEntrySizes: true }, (error, zip) => {
      if (error) reject(new ZipError(`The zip cannot be read: ${error.message}`));
      else resolve(zip);
    });
  });
}

/** All entries, once their number and declared sizes are within the bounds. */
function listEntries(zip: ZipFile): Promise<Entry[]> {
  const entries: Entry[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    zip.on('entry', (entry: Entry) => {
      entries.push(entry);
      size += entry.uncompressedSize;
      if (entries.length > MAX_ENTRIES) reject(new ZipError(`The zip holds more than ${MAX_ENTRIES} files.`));
      else if (size > MAX_UNPACKED) reject(new ZipError(`The zip unpacks to more than ${MAX_UNPACKED} bytes.`));
      else zip.readEntry();
    });
    zip.once('end', () => resolve(entries));
    zip.once('error', (error: Error) => reject(new ZipError(`The zip cannot be read: ${error.message}`)));
    zip.readEntry();
  });
}

function isFolder(entry: Entry): boolean {
  return entry.fileName.endsWith('/');
}

function isLink(entry: Entry): boolean {
  return ((entry.externalFileAttributes >>> 16) & FILE_TYPE) === SYMBOLIC_LINK;
}

/** Two entries that want one place (a file and a folder of one name) are the zip's fault. */
function refuse(folder: string, target: string): (error: NodeJS.ErrnoException) => never {
  return (error) => {
    if (error instanceof ZipError || isDiskFull(error)) throw error;
    throw new ZipError(`${path.relative(folder, target)} cannot be unpacked: ${error.code ?? error.message}`);
  };
}

function resolveInside(folder: string, name: string): string {
  const target = path.resolve(folder, name);
  if (name.includes('\0') || (target !== folder && !target.startsWith(folder + path.sep))) {
    throw new ZipError(`The zip holds a name that leaves its folder: ${JSON.stringify(name)}`);
  }
  return target;
}

/** What most files are: it is faster to take them as a whole, and they fit into memory. */
function isSmall(entry: Entry): boolean {
  return entry.canDecodeFileData() && entry.uncompressedSize <= SMALL;
}

/** The bytes of an entry in the zip. @throws Error for a zip that is broken */
async function readStored({ zip, bytes }: Opened, entry: Entry): Promise<Buffer> {
  const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
  const stored = bytes.subarray(fileDataStart, fileDataStart + entry.compressedSize);
  if (stored.length !== entry.compressedSize) throw new Error('the zip ends before it');
  return stored;
}

/** @throws Error for content that is broken, or of another size than the zip declares */
function inflateSmall(stored: Buffer, entry: Entry): Buffer {
  // A byte more than declared is enough to see that it is too much.
  const content =
    entry.compressionMethod === DEFLATED
      ? inflateRawSync(stored, { maxOutputLength: entry.uncompressedSize + 1 })
      : stored;
  if (content.length !== entry.uncompressedSize) throw new Error('its size is not what the zip declares');
  return content;
}

function openEntry(zip: ZipFile, entry: Entry): Promise<NodeJS.ReadableStream> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) reject(new ZipError(`${entry.fileName} cannot be unpacked: ${error.message}`));
      else resolve(stream);
    });
  });
}

/** What the system takes away from the modes of new files, seen at a folder. (`process.umask()` changes it while it looks.) */
async function readUmask(folder: string): Promise<number> {
  const probe = path.join(folder, `.${randomUUID()}`);
  await mkdir(probe, { mode: 0o777 });
  const { mode } = await stat(probe);
  await rmdir(probe);
  return 0o777 & ~mode;
}

async function writeEntry(opened: Opened, entry: Entry, target: string, umask: number): Promise<void> {
  const { zip, shared } = opened;
  const mode = (entry.externalFileAttributes >>> 16) & 0o111 ? 0o555 : 0o444;
  const options = { flags: 'wx', flag: 'wx', mode };
  try {
    const stored = entry.canDecodeFileData() ? await readStored(opened, entry) : undefined;
    if (stored && (await shared?.link(entry, stored, mode, target))) return;
    const content = stored && isSmall(entry) ? inflateSmall(stored, entry) : await openEntry(zip, entry);
    if (content instanceof Buffer) await writeFile(target, content, options);
    else await pipeline(content, createWriteStream(target, options));
    if (umask & mode) await chmod(target, mode);
  } catch (error) {
    if (error instanceof ZipError || isDiskFull(error)) throw error;
    throw new ZipError(`${entry.fileName} cannot be unpacked: ${messageOf(error)}`);
  }
}

/**
 * Makes a link that stays within the folder. One that leads out of it is left out: a virtualenv's `bin/python` is such a
 * link, and nothing of it is needed.
 */
async function makeLink(zip: ZipFile, entry: Entry, at: string, folder: string): Promise<void> {
  if (entry.uncompressedSize > MAX_LINK) throw new ZipError(`The link ${entry.fileName} is too long.`);
  let target = '';
  for await (const chunk of await openEntry(zip, entry)) target += String(chunk);
  if (path.isAbsolute(target) || !path.resolve(path.dirname(at), target).startsWith(folder + path.sep)) return;
  await symlink(target, at).catch(refuse(folder, at));
}

/** Removes a link that leads out all the same, by way of other links, or nowhere. */
async function checkLink(at: string, folder: string): Promise<void> {
  const leadsTo = await realpath(at).catch(() => '');
  if (!leadsTo.startsWith((await realpath(folder)) + path.sep)) await rm(at, { force: true });
}
