/** The folder for buckets and objects: made, and found good before anything is started on it. */
import { accessSync, closeSync, constants, mkdirSync, openSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { codeOf, messageOf } from '../../ground/errors';

/** What can be wrong with it, by error code, and what to do. */
const PROBLEMS: Readonly<Record<string, string>> = {
  EEXIST: 'a file of that name is in the way of a folder. Move it away, or choose another data folder',
  ENOTDIR: 'a part of its path is a file, not a folder. Choose another data folder',
  EACCES: 'this user may not write there. Change its owner or permissions, or choose another data folder',
  EPERM: 'this user may not write there. Change its owner or permissions, or choose another data folder',
  EROFS: 'it is on a disk that is mounted read-only. Choose another data folder',
  ENOSPC: 'there is no space left on its disk. Free some, or choose another data folder',
  EDQUOT: "this user's disk quota is used up. Free some space, or choose another data folder",
};

/** In it, what is on its way to be an object; the next start removes what is left there. */
export const UPLOADS = 'uploads';

/**
 * Makes the folder with `objects/` and `tmp/` in it; what is in them stays.
 * @throws Error saying which folder cannot be used, why, and what to do
 */
export function makeDataFolder(dataDir: string): void {
  for (const folder of [dataDir, path.join(dataDir, 'objects'), path.join(dataDir, 'tmp')]) makeFolder(folder);
}

/**
 * Removes what a server that was killed left in the middle of a write: no server may be running. It writes a file under
 * another name, in `tmp/`, and tries beforehand, in the folder of the file, whether it can be moved there; so with what it
 * knows of buckets, which lies beside their folders. Such names begin with a dot, those of buckets do not
 * (https://github.com/google/renameio, tempfile.go).
 */
export function removeUnfinished(dataDir: string): void {
  const [temporary, objects] = ['tmp', 'objects'].map((name) => path.join(dataDir, name)) as [string, string];
  const unfinished = [
    ...readdirSync(temporary).map((name) => path.join(temporary, name)),
    ...readdirSync(objects).flatMap((name) => (name.startsWith('.') ? [path.join(objects, name)] : [])),
  ];
  for (const entry of unfinished) rmSync(entry, { recursive: true, force: true });
}

/** A folder beside that of the data, which the server does not see but for its socket. */
export interface RunFolder {
  readonly path: string;
  /** The same, in a few bytes, for as long as it is open. */
  readonly shortPath: string;
  /** Removes it: nothing runs any more. */
  close(): void;
}

/** Makes the folder for what is known of the running server: `DATA.run`. @throws Error as `makeDataFolder` */
export function openRunFolder(dataDir: string): RunFolder {
  const folder = `${dataDir}.run`;
  makeFolder(folder);
  const remove = () => rmSync(folder, { recursive: true, force: true });
  if (process.platform !== 'linux') return { path: folder, shortPath: folder, close: remove };
  const descriptor = openSync(folder, 'r');
  return {
    path: folder,
    shortPath: `/proc/self/fd/${descriptor}`,
    close: () => {
      closeSync(descriptor);
      remove();
    },
  };
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const problem = PROBLEMS[String(codeOf(error))] ?? `${messageOf(error)}. Choose another data folder`;
    throw new Error(`The storage emulator cannot keep its objects in ${folder}: ${problem}.`, { cause: error });
  }
}
