/** The store's directory, made ready for LMDB, which would end the process by a signal where it is not. */
import { accessSync, chmodSync, constants, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { damagedError, StoreError } from './errors';
import { hasRoom } from './room';
import { findDamage } from './soundness';

/** LMDB's files: the database, and who reads it. */
export const FILES = ['data.mdb', 'lock.mdb'] as const;

/** Is there once the database has been written: then a missing one is no new one. */
const MADE = 'made';

/** Less room than this, and not even an empty database with its lock file fits. */
const LEAST_ROOM = 256 * 1024;

/**
 * Makes the directory, for its owner only, and looks whether the database in it is sound.
 * @throws StoreError for a damaged database or a full disk; the system's error when the directory cannot be used
 */
export function prepareDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  chmodSync(directory, 0o700);
  accessSync(directory, constants.W_OK);
  // The lock file is mapped into memory: on a full disk the first touch of it would be a SIGBUS.
  if (!hasRoom(directory, LEAST_ROOM)) {
    throw new StoreError(
      'STORE_UNUSABLE',
      `Cannot open the store in ${directory}: no space left on its disk. Free some, or name another data folder.`,
    );
  }
  const damage = findLoss(directory) ?? findDamage(path.join(directory, 'data.mdb'));
  if (damage !== undefined) throw damagedError(directory, damage);
}

/** Notes that the database has been written. */
export function markMade(directory: string): void {
  const file = path.join(directory, MADE);
  if (!existsSync(file)) writeFileSync(file, '', { mode: 0o600 });
}

/** What is wrong when there was a database and is none: another could be made, and nobody would be told. */
function findLoss(directory: string): string | undefined {
  const isLost = existsSync(path.join(directory, MADE)) && !existsSync(path.join(directory, 'data.mdb'));
  return isLost ? 'it is missing' : undefined;
}
