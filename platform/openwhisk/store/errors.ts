/** Why the store cannot be used, in words for the one who started the platform. */
import path from 'node:path';
import { messageOf } from '../../../ground/errors';
import { hasRoom } from './room';

/** The store could not be opened or written; the message says why and what to do. */
export class StoreError extends Error {
  constructor(
    readonly code: 'STORE_LOCKED' | 'STORE_UNUSABLE' | 'STORE_DAMAGED' | 'STORE_FULL' | 'STORE_CLOSED',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'StoreError';
  }
}

/** What LMDB says of a file that it cannot make sense of. */
const DAMAGE = /MDB_(CORRUPTED|INVALID|PAGE_NOTFOUND|PANIC|VERSION_MISMATCH|BAD_TXN)/;

const REASONS: Readonly<Record<string, string>> = {
  ENOTDIR: 'a part of that path is a file, not a folder. Name another data folder, or remove that file',
  EEXIST: 'there is a file of that name, not a folder. Name another data folder, or remove that file',
  EACCES: 'this user may not write there. Change its owner or mode, or name another data folder',
  EPERM: 'this user may not write there. Change its owner or mode, or name another data folder',
  EROFS: 'its disk is read-only. Make it writable, or name another data folder',
  ENOSPC: 'no space left on its disk. Free some, or name another data folder',
  EDQUOT: 'your quota of disk space is used up. Free some space, or name another data folder',
};

/** The file (or what is in it) is damaged. @param why in words that follow its name and a colon */
export function damagedError(directory: string, why: string, cause?: unknown): StoreError {
  const file = path.join(directory, 'data.mdb');
  return new StoreError(
    'STORE_DAMAGED',
    `The store ${file} is damaged: ${why}. Restore it from a backup, or delete the folder ${directory} to start afresh: ` +
      'all entities and activations are lost then, and `npm start` deploys again.',
    { cause },
  );
}

/** Why opening failed. */
export function openingError(directory: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const why = messageOf(error);
  if (DAMAGE.test(why)) return damagedError(directory, why, error);
  const reason = REASONS[codeOf(error)] ?? `${why}. Check that the folder is writable and its disk has room`;
  return new StoreError('STORE_UNUSABLE', `Cannot open the store in ${directory}: ${reason}.`, { cause: error });
}

/** Why a transaction could not be written. */
export function writingError(directory: string, cause: unknown): StoreError {
  const why = cause instanceof Error ? cause.message : String(cause);
  if (DAMAGE.test(why)) return damagedError(directory, why, cause);
  if (!hasRoom(directory, 1_048_576)) return fullError(directory, cause);
  return new StoreError('STORE_FULL', `Cannot write to the store in ${directory}: ${why}.`, { cause });
}

/** The disk has no room for a transaction. */
export function fullError(directory: string, cause?: unknown): StoreError {
  const why = 'no space left on its disk; free some and try again';
  return new StoreError('STORE_FULL', `Cannot write to the store in ${directory}: ${why}.`, { cause });
}

/** The code of a system error; LMDB tells it by the system's words alone. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error.message.includes('No space left')) return 'ENOSPC';
  return error.message.includes('Permission denied') ? 'EACCES' : '';
}

/** Work came after `close`. */
export function closedError(): StoreError {
  return new StoreError('STORE_CLOSED', 'The store is closed: the local platform is stopping.');
}
