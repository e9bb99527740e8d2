/**
 * What was built for an action, kept in a file whose name says what it was made from (key) and what it holds (SHA-256): so it is found
 * again, and known to be whole, without building anything.
 */
import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { digestFile } from '@pdfmagic/openwhisk/file-digest';

/** What OpenWhisk takes as the code of an action: a zip, or a source file. */
export interface PackagedAction {
  /** Absolute path. The content of a path never changes. */
  readonly file: string;
  /** Hexadecimal digits. */
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * A file `PREFIX SHA256.EXTENSION` whose content is what its name says; any other of this prefix is removed, to be built anew.
 * @param say told when there was one
 */
export async function findBuilt(
  folder: string,
  prefix: string,
  extension: 'zip' | 'js',
  say?: (line: string) => void,
): Promise<PackagedAction | undefined> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    if (!name.startsWith(prefix) || !name.endsWith(`.${extension}`)) continue;
    const sha256 = name.slice(prefix.length, -extension.length - 1);
    if (!/^[0-9a-f]{64}$/.test(sha256)) continue;
    const file = path.join(folder, name);
    if ((await digestFile(file)) === sha256) return { file, sha256, bytes: (await stat(file)).size };
    say?.(`${file} has changed since it was built; building it again ...`);
    await rm(file, { force: true });
  }
  return undefined;
}
