/** What the file system refuses, in words. Codes: https://man7.org/linux/man-pages/man3/errno.3.html */
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { codeOf, hasCode } from './errors';
import { findExistingFolder } from './existing-folder';

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full. Make room',
  EDQUOT: 'your quota of disk space is used up. Make room',
  EROFS: 'its disk is read-only. Make it writable',
  EACCES: 'you may not write to its folder. Change its owner or mode',
  EPERM: 'you may not write to its folder. Change its owner or mode',
  EMFILE: 'too many files are open. Raise the limit (ulimit -n 4096)',
  ENFILE: 'too many files are open on this machine. End other programs',
  ENAMETOOLONG: 'its path is too long. Use a folder with a shorter path',
};

/** Why, and what to do, up to "and try again"; undefined for an error that is not of this kind. */
export function findFileReason(error: unknown): string | undefined {
  return REASONS[String(codeOf(error))] ?? REASONS[String(codeOf(findMaskedError(error)))];
}

/** `mkdir` with `recursive` says ENOENT whatever keeps the folder from being made: what the nearest folder above it says. */
function findMaskedError(error: unknown): unknown {
  if (!hasCode(error, 'ENOENT') || !isMkdir(error)) return undefined;
  try {
    accessSync(findExistingFolder(path.dirname(error.path)), constants.W_OK);
    return undefined;
  } catch (reason) {
    return reason;
  }
}

function isMkdir(error: unknown): error is Error & { readonly path: string } {
  return error instanceof Error && 'syscall' in error && error.syscall === 'mkdir' && 'path' in error;
}

/** What could not be written, why, and what to do; undefined for an error that is not of this kind. */
export function explainFileError(error: unknown): string | undefined {
  const reason = findFileReason(error);
  if (reason === undefined || !(error instanceof Error) || !('syscall' in error)) return undefined;
  const file = 'path' in error && typeof error.path === 'string' ? error.path : error.message;
  return `Cannot write ${file}: ${reason} and try again.`;
}
