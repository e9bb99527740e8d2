/** Room on the disk of a directory. */
import { spawnSync } from 'node:child_process';
import { statfsSync, statSync } from 'node:fs';
import path from 'node:path';
import { findProgram } from '../../../sandbox/host';

const MIB = 1024 * 1024;
/** Allocated ahead beyond what a transaction asks for, the more the larger the file is: the process waits for a program each time. */
const AHEAD = { least: 4 * MIB, most: 32 * MIB, share: 1 / 4 };
/** What only removals may take: they go on when the disk is full, and so make room. */
const KEPT = MIB;
/** Of util-linux, which every Debian has. It adds blocks to a file and overwrites nothing. */
const FALLOCATE = process.platform === 'linux' ? findProgram('fallocate') : undefined;

/** Whether there are so many bytes; true where the file system does not tell. */
export function hasRoom(directory: string, bytes: number): boolean {
  try {
    const { blocks, bavail, bsize } = statfsSync(directory);
    return blocks === 0 || bavail * bsize >= bytes;
  } catch {
    return true;
  }
}

/**
 * Room in a database's file before LMDB writes to it: when a disk is full in the middle of a transaction, lmdb-js ends the
 * process with a damaged heap. So blocks are added to the end of the file first, where LMDB will want them; other programs
 * cannot take these. Where a file system knows no such thing, the room that it tells has to do.
 */
export class Reserve {
  private readonly file: string;
  /** Bytes at the end of the file that no transaction was promised since they were measured. */
  private left = 0;
  /** Bytes that were promised to transactions which have not ended. */
  private promised = 0;

  /**
   * @param directory of the database
   * @param used bytes of the file up to the last page that the database uses
   */
  constructor(
    private readonly directory: string,
    private readonly used: () => number,
  ) {
    this.file = path.join(directory, 'data.mdb');
  }

  /**
   * Promises a transaction so many bytes.
   * @param removes it only removes: it may take the last room
   * @returns what to call when it has ended; undefined when there is no room
   */
  take(bytes: number, removes: boolean): (() => void) | undefined {
    const wanted = removes ? bytes : bytes + KEPT;
    if (wanted > this.left) this.left = this.measure() - this.promised;
    if (wanted > this.left && !this.extend(wanted - this.left)) return undefined;
    this.left -= bytes;
    this.promised += bytes;
    return () => {
      this.promised -= bytes;
    };
  }

  /** Bytes of the file behind the last page that the database uses. */
  private measure(): number {
    return Math.max(0, statSync(this.file).size - this.used());
  }

  /** Adds what is missing to the file, and some more unless that does not fit. */
  private extend(missing: number): boolean {
    if (!hasRoom(this.directory, missing)) return false;
    const ahead = Math.min(AHEAD.most, Math.max(AHEAD.least, Math.ceil(statSync(this.file).size * AHEAD.share)));
    for (const length of [missing + ahead, missing]) {
      const outcome = allocate(this.file, length);
      if (outcome === 'done') this.left += length;
      if (outcome === 'unsupported') this.left = missing + this.left;
      if (outcome !== 'full') return true;
    }
    return false;
  }
}

/** Adds blocks to the end of a file. */
function allocate(file: string, length: number): 'done' | 'full' | 'unsupported' {
  if (FALLOCATE === undefined) return 'unsupported';
  const end = statSync(file).size;
  const args = ['--offset', String(end), '--length', String(length), file];
  const { status, stderr } = spawnSync(FALLOCATE, args, { encoding: 'utf8', env: { LC_ALL: 'C' } });
  if (status === 0) return 'done';
  return /No space left|quota/i.test(stderr) ? 'full' : 'unsupported';
}
