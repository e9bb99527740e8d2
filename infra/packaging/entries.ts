/** What an action is built from: files by their path inside its zip, in one fixed order. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { PackagingError } from './errors';

/** One file of a zip. */
export interface Entry {
  /** Path inside the zip, with slashes and relative. */
  readonly name: string;
  /** The file on this machine. */
  readonly file: string;
}

/** Left behind by interpreters, editors and systems; no part of anybody's sources. */
const LITTER = /^(__pycache__|\.DS_Store|\.ruff_cache|.*\.pyc|.*~|\..*\.sw.)$/;

/**
 * All files below `folder`, sorted by their path inside the zip, `prefix` before it.
 * @param keep decides by base name and path inside the folder; by default what is part of sources
 * @throws PackagingError for a link: what it points to does not travel along
 */
export async function listFilesBelow(
  folder: string,
  prefix = '',
  keep: (name: string, inside: string) => boolean = (name) => !LITTER.test(name),
): Promise<Entry[]> {
  const entries: Entry[] = [];
  const walk = async (inside: string): Promise<void> => {
    for (const item of await readdir(path.join(folder, inside), { withFileTypes: true })) {
      const here = inside === '' ? item.name : `${inside}/${item.name}`;
      if (!keep(item.name, here)) continue;
      const file = path.join(folder, here);
      if (item.isDirectory()) await walk(here);
      else if (item.isFile()) entries.push({ name: prefix + here, file });
      else throw new PackagingError(`${file} is neither a file nor a folder: it cannot go into an action's zip.`);
    }
  };
  await walk('');
  return sortEntries(entries);
}

/** By code units, so independent of the machine's language. */
export function sortEntries(entries: readonly Entry[]): Entry[] {
  return [...entries].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** A hash of names and contents, and of what is said at the start, in hexadecimal digits. */
export async function hashEntries(start: string, entries: readonly Entry[]): Promise<string> {
  const result = createHash('sha256').update(start);
  for (const { name, file } of entries) {
    const content = await readFile(file);
    result.update(`\n${name}\n${content.length}\n`).update(content);
  }
  return result.digest('hex');
}
