/** Whether the file of a database may be given to LMDB, which would crash on a damaged one: another process tries first. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

const READ_THROUGH = path.join(__dirname, 'read-through.mjs');

/** Milliseconds that LMDB needs at most to write the first pages of a file that it has made. */
const MAKING_MS = 100;

/** Milliseconds for reading all of it: more than any store needs. References that lead in a circle are followed for ever. */
const READING_MS = 300_000;

/**
 * Checks the file before it is opened; one that is missing is a new database. LMDB takes an empty one for new as well, but
 * writes its first pages in the moment in which it makes the file: what is empty later was emptied.
 * @returns what is wrong with it, if anything
 * @throws Error in the words of LMDB or of the system when it cannot be opened at all
 */
export function findDamage(file: string): string | undefined {
  let size = sizeOf(file);
  if (size === 0) {
    // Another process may be making it right now: then it will tell that the store is in use.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, MAKING_MS);
    size = sizeOf(file);
  }
  if (size === undefined) return undefined;
  if (size === 0) return 'it is empty';
  accessSync(file, constants.R_OK | constants.W_OK);
  return readThrough(path.dirname(file));
}

function sizeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.size;
}

function readThrough(directory: string): string | undefined {
  const options = { encoding: 'utf8', timeout: READING_MS, env: {} } as const;
  const { status, signal, stderr, error } = spawnSync(process.execPath, [READ_THROUGH, directory], options);
  if (status === 0) return undefined;
  if (signal === 'SIGBUS') return 'it has been cut short';
  if (signal === 'SIGTERM') return `reading it does not come to an end`;
  if (signal !== null) return 'it is not an LMDB database of this version, or its pages are broken';
  throw error ?? new Error(/^(?:\w*Error: )(.*)$/m.exec(stderr)?.[1] ?? stderr);
}
