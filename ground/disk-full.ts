/** A disk that is full, in words: where, how much is needed, and what to do. */
import { codeOf, messageOf } from './errors';

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on its disk',
  EDQUOT: 'your quota of disk space is used up',
};

const FOR_CALLERS = 'No space is left on the disk of the platform';

/** Whether a text is what callers are told of a full disk. */
export function tellsDiskFull(text: string): boolean {
  return text.startsWith(FOR_CALLERS);
}

/** Nothing more fits on a disk. The message is for people: it names the folder. */
export class DiskFullError extends Error {
  override readonly name = 'DiskFullError';
  /** The same for whoever called from anywhere: it names no folder of this machine. */
  readonly forCallers: string;

  /**
   * @param folder where something was to be written
   * @param bytes that are needed; undefined when nobody knows
   */
  constructor(folder: string, bytes?: number, cause?: unknown) {
    const room = bytes === undefined ? 'some space' : `at least ${Math.ceil(bytes / 1_000_000) || 1} MB`;
    const reason = REASONS[findDiskFullCode(cause) ?? 'ENOSPC'];
    super(`Cannot write to ${folder}: ${reason}. Free ${room} and try again.`, { cause });
    this.forCallers = `${FOR_CALLERS}. Free ${room} there and try again.`;
  }
}

/** What callers are told of an error that means a full disk, wherever it comes from; undefined for any other. */
export function describeDiskFull(error: unknown): string | undefined {
  if (error instanceof DiskFullError) return error.forCallers;
  return isDiskFull(error) ? new DiskFullError('', undefined, error).forCallers : undefined;
}

/** Whether an error means that a disk is full: its code, or what a program of the system said of it. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof DiskFullError || findDiskFullCode(error) !== undefined;
}

function findDiskFullCode(error: unknown): string | undefined {
  const code = String(codeOf(error));
  if (code in REASONS) return code;
  if (!(error instanceof Error)) return undefined;
  const said = 'stderr' in error ? `${messageOf(error)} ${String(error.stderr)}` : messageOf(error);
  if (/No space left on device/i.test(said)) return 'ENOSPC';
  return /Disk quota exceeded/i.test(said) ? 'EDQUOT' : undefined;
}
