/** Unpacking an action's zip, which may be hostile: nothing outside the folder, no links out of it, no bomb. */
import { createWriteStream } from 'node:fs';
import { chmod, mkdir, realpath, symlink, unlink } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Entry, fromBuffer, type ZipFile } from 'yauzl';

/** Bounds of an unpacked action. OpenWhisk takes 48 MB of base64. */
export const MAX_UNPACKED = 512 * 1024 * 1024;
export const MAX_ENTRIES = 50_000;
const FILE_TYPE = 0o170000;
const SYMBOLIC_LINK = 0o120000;
const MAX_LINK = 4096;

/** Why a zip is not unpacked; the text is for the action's developer. */
export class ZipError extends Error {
  override readonly name = 'ZipError';
}

/** True for what begins like a zip. */
export function isZip(bytes: Buffer): boolean {
  return bytes.length >= 4 && (bytes.readUInt32LE(0) === 0x04034b50 || bytes.readUInt32LE(0) === 0x06054b50);
}

/**
 * Unpacks into an empty folder: files readable by all and writable by none, executable where the zip says so.
 * @throws ZipError for a zip that is broken, leaves the folder, or is larger than the bounds
 */
export async function unzip(bytes: Buffer, folder: string): Promise<void> {
  const zip = await open(bytes);
  let entries = 0;
  let unpacked = 0;
  const links: { readonly at: string; readonly target: string }[] = [];
  const count = (size: number) => {
    unpacked += size;
    if (unpacked > MAX_UNPACKED) throw new ZipError(`The zip unpacks to more than ${MAX_UNPACKED} bytes.`);
  };
  for await (const entry of read(zip)) {
    if (++entries > MAX_ENTRIES) throw new ZipError(`The zip holds more than ${MAX_ENTRIES} files.`);
    const target = inside(folder, entry.fileName);
    if (entry.fileName.endsWith('/')) {
      await mkdir(target, { recursive: true, mode: 0o755 });
      continue;
    }
    await mkdir(path.dirname(target), { recursive: true, mode: 0o755 });
    const mode = entry.externalFileAttributes >>> 16;
    if ((mode & FILE_TYPE) === SYMBOLIC_LINK) links.push({ at: target, target: await readLink(zip, entry) });
    else await writeEntry(zip, entry, target, mode & 0o111 ? 0o555 : 0o444, count);
  }
  // Last, so that no entry is ever written through a link.
  await makeLinks(folder, links);
}

function open(bytes: Buffer): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    // yauzl itself refuses absolute names, `..` and sizes that do not hold.
    fromBuffer(bytes, { lazyEntries: true, strictFileNames: false, validateEntrySizes: true }, (error, zip) => {
      if (error) reject(new ZipError(`The zip cannot be read: ${error.message}`));
      else resolve(zip);
    });
  });
}

async function* read(zip: ZipFile): AsyncGenerator<Entry> {
  for (let entry = await nextEntry(zip); entry; entry = await nextEntry(zip)) yield entry;
}

function nextEntry(zip: ZipFile): Promise<Entry | undefined> {
  const next = new Promise<Entry | undefined>((resolve, reject) => {
    zip.once('entry', resolve);
    zip.once('end', () => resolve(undefined));
    zip.once('error', (error: Error) => reject(new ZipError(`The zip cannot be read: ${error.message}`)));
  });
  zip.readEntry();
  return next.finally(() => zip.removeAllListeners());
}

function inside(folder: string, name: string): string {
  const target = path.resolve(folder, name);
  if (name.includes('\0') || (target !== folder && !target.startsWith(folder + path.sep))) {
    throw new ZipError(`The zip holds a name that leaves its folder: ${JSON.stringify(name)}`);
  }
  return target;
}

function openEntry(zip: ZipFile, entry: Entry): Promise<NodeJS.ReadableStream> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) reject(new ZipError(`${entry.fileName} cannot be unpacked: ${error.message}`));
      else resolve(stream);
    });
  });
}

async function writeEntry(
  zip: ZipFile,
  entry: Entry,
  target: string,
  mode: number,
  count: (size: number) => void,
): Promise<void> {
  const bound = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      try {
        count(chunk.length);
        done(null, chunk);
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)));
      }
    },
  });
  try {
    await pipeline(await openEntry(zip, entry), bound, createWriteStream(target, { flags: 'wx', mode: 0o644 }));
    await chmod(target, mode);
  } catch (error) {
    if (error instanceof ZipError) throw error;
    throw new ZipError(
      `${entry.fileName} cannot be unpacked: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

async function readLink(zip: ZipFile, entry: Entry): Promise<string> {
  if (entry.uncompressedSize > MAX_LINK) throw new ZipError(`The link ${entry.fileName} is too long.`);
  let target = '';
  for await (const chunk of await openEntry(zip, entry)) target += String(chunk);
  return target;
}

/**
 * Makes the links that stay within the folder. One that leads out of it, or nowhere, is left out: a virtualenv's `bin/python`
 * is such a link, and nothing of it is needed. What a link leads to is asked of the file system, since a link may go
 * through other links.
 */
async function makeLinks(folder: string, links: readonly { at: string; target: string }[]): Promise<void> {
  const made: string[] = [];
  for (const { at, target } of links) {
    if (path.isAbsolute(target) || !path.resolve(path.dirname(at), target).startsWith(folder + path.sep)) continue;
    await symlink(target, at).catch((error: NodeJS.ErrnoException) => {
      throw new ZipError(`The link ${path.relative(folder, at)} cannot be made: ${error.code ?? error.message}`);
    });
    made.push(at);
  }
  const root = await realpath(folder);
  for (const at of made) {
    const leadsTo = await realpath(at).catch(() => '');
    if (!leadsTo.startsWith(root + path.sep)) await unlink(at);
  }
}
