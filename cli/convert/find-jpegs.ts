/** The JPEGs that a user names: files as they are, and with `-r` those in folders. */
import { type Dirent, readdirSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import { Failure, wordsOf } from '../failure';

/** A file to convert. */
export interface Found {
  readonly file: string;
  /** The folder it is in, seen from the folder that was named; empty for a file that was named. */
  readonly below: string;
  /** Why nothing can be made of it. */
  readonly failure?: Failure;
}

/** Files in the order they are named, those of a folder by name. A folder that is unreadable, or has no JPEG, is a failure. */
export function findJpegs(named: readonly string[], recursive: boolean): Found[] {
  return named.flatMap((file) => {
    if (!recursive || !isFolder(file)) return [{ file, below: '' }];
    const found = search(file, '');
    const failure = new Failure(
      'There is no JPEG in this folder.',
      'Only files whose names end in .jpg or .jpeg are converted.',
    );
    return found.length > 0 ? found : [{ file, below: '', failure }];
  });
}

/** As cameras number files: 2 before 10. */
const BY_NAME = new Intl.Collator('en', { numeric: true });

/** Links to files are followed, links to folders are not: they may lead in a circle. What is hidden stays out. */
function search(folder: string, below: string): Found[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => BY_NAME.compare(a.name, b.name));
  } catch (error) {
    return [{ file: folder, below, failure: new Failure(`This folder cannot be read: ${wordsOf(error)}.`) }];
  }
  return entries.flatMap((entry) => {
    const { name } = entry;
    const file = path.join(folder, name);
    if (name.startsWith('.')) return [];
    if (entry.isDirectory()) return search(file, path.join(below, name));
    return /\.jpe?g$/i.test(name) && !isFolder(file) ? [{ file, below }] : [];
  });
}

function isFolder(file: string): boolean {
  return statOf(file)?.isDirectory() ?? false;
}

/** What is there; undefined when that cannot be told, and whoever reads it will say why. */
export function statOf(file: string): Stats | undefined {
  try {
    return statSync(file);
  } catch {
    return undefined;
  }
}
