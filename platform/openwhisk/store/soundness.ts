/** Whether the file of a database may be given to LMDB, which would crash on a damaged one. */
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { checkPages, DamageError, readSnapshots, type Snapshot } from './pages';

/** Milliseconds that LMDB needs at most to write the first pages of a file that it has made. */
const MAKING_MS = 100;

/**
 * Checks the file before it is opened; one that is missing is a new database. LMDB takes an empty one for new as well, but
 * writes its first pages in the moment in which it makes the file: what is empty later was emptied.
 * @returns what is wrong with it, if anything
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
  const descriptor = openSync(file, 'r');
  try {
    return check(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function sizeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.size;
}

function check(descriptor: number): string | undefined {
  for (;;) {
    const before = latestOf(descriptor);
    if (typeof before === 'string') return before;
    const damage = checkSnapshots(descriptor);
    const after = latestOf(descriptor);
    // While another process writes, pages of a snapshot are used again under our eyes: look at the new one.
    if (damage === undefined || after === before) return damage;
  }
}

/** The latest transaction, or what is wrong. */
function latestOf(descriptor: number): bigint | string | undefined {
  return caught(() => readSnapshots(descriptor)[0]?.transaction);
}

/** LMDB takes the latest snapshot; after a crash of the machine, one that was flushed before. */
function checkSnapshots(descriptor: number): string | undefined {
  const damages = caught(() => {
    const [latest, ...earlier] = readSnapshots(descriptor);
    if (latest === undefined) return [];
    const damage = damageOf(descriptor, latest);
    if (damage === undefined || latest.boot === thisBoot()) return [damage];
    return [damage, ...earlier.map((snapshot) => damageOf(descriptor, snapshot))];
  });
  if (typeof damages === 'string') return damages;
  return damages.includes(undefined) ? undefined : damages[0];
}

function damageOf(descriptor: number, snapshot: Snapshot): string | undefined {
  return caught((): undefined => {
    checkPages(descriptor, snapshot);
  });
}

/** The boot as LMDB notes it: the first digits of Linux's boot id. Undefined elsewhere. */
function thisBoot(): bigint | undefined {
  try {
    return BigInt(`0x${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').split('-')[0]}`);
  } catch {
    return undefined;
  }
}

function caught<T>(look: () => T): T | string {
  try {
    return look();
  } catch (error) {
    if (error instanceof DamageError) return error.message;
    throw error;
  }
}
