/** Writing files so that neither a crash nor a power cut leaves half of one. */
import { closeSync, fsyncSync, linkSync, openSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import path from 'node:path';

/** Replaces a file, readable by its owner only: written beside it, flushed to disk, renamed over it. */
export function replaceFile(file: string, text: string): void {
  const temporary = writeTemporary(file, text);
  renameSync(temporary, file);
  syncFolder(path.dirname(file));
}

/** Makes a file that must not exist yet, with all its content at once. Says whether it did: false if it exists. */
export function createFile(file: string, text: string): boolean {
  const temporary = writeTemporary(file, text);
  try {
    linkSync(temporary, file);
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    unlinkSync(temporary);
  }
  syncFolder(path.dirname(file));
  return true;
}

/** Whether an error is a system error with this code, e.g. `ENOENT`. */
export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

let sequence = 0;

function writeTemporary(file: string, text: string): string {
  sequence += 1;
  const temporary = `${file}.${process.pid}-${sequence}.tmp`;
  const descriptor = openSync(temporary, 'w', 0o600);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
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
