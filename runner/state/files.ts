/** Writing files so that neither a crash nor a power cut leaves half of one. */
import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { hasCode, messageOf } from '../../ground/errors';
import { findFileReason } from '../../ground/file-error';

/** A file could not be written: the message names it and says why, and that what it held before is still there. */
export class WriteError extends Error {
  override readonly name = 'WriteError';
}

/**
 * Replaces a file, readable by its owner only: written beside it, flushed to disk, renamed over it.
 * @throws WriteError when the disk is full, or the folder cannot be written; the file is as it was then
 */
export function replaceFile(file: string, text: string): void {
  explainFailure(file, () => {
    renameSync(writeTemporary(file, text), file);
    syncFolder(path.dirname(file));
  });
}

/**
 * Makes a file that must not exist yet, with all its content at once. Says whether it did: false if it exists.
 * @throws WriteError as `replaceFile`
 */
export function createFile(file: string, text: string): boolean {
  return explainFailure(file, () => create(file, text));
}

function create(file: string, text: string): boolean {
  const temporary = writeTemporary(file, text);
  try {
    linkSync(temporary, file);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    unlinkSync(temporary);
  }
  syncFolder(path.dirname(file));
  return true;
}

function explainFailure<T>(file: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    const why = findFileReason(error) ?? `${messageOf(error)}. Fix that`;
    throw new WriteError(`Cannot write ${file}: ${why} and run it again; what was saved before is still there.`, {
      cause: error,
    });
  }
}

let sequence = 0;

function writeTemporary(file: string, text: string): string {
  sequence += 1;
  const temporary = `${file}.${process.pid}-${sequence}.tmp`;
  try {
    const descriptor = openSync(temporary, 'w', 0o600);
    try {
      // Not writeSync, which is content with writing a part when the disk is about to be full.
      writeFileSync(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  return temporary;
}

function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
