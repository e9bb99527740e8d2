/** The store's directory, made ready for LMDB, which would end the process by a signal where it is not. */
import { accessSync, chmodSync, constants, mkdirSync } from 'node:fs';
import path from 'node:path';
import { damagedError, StoreError } from './errors';
import { hasRoom } from './room';
import { findDamage } from './soundness';

/** LMDB's files: the database, and who reads it. */
export const FILES = ['data.mdb', 'lock.mdb'] as const;

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
  const damage = findDamage(path.join(directory, 'data.mdb'));
  if (damage !== undefined) throw damagedError(directory, damage);
  // The lock file is mapped into memory: on a full disk the first touch of it would be a SIGBUS.
  if (!hasRoom(directory, LEAST_ROOM)) {
    throw new StoreError(
      'STORE_UNUSABLE',
      `Cannot open the store in ${directory}: no space left on its disk. Free some, or name another data directory.`,
    );
  }
}
