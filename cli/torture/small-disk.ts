/** A disk of its own that can be filled and made read-only: a small file system in memory, which only root may mount. */
import { execFileSync } from 'node:child_process';
import { closeSync, fstatSync, ftruncateSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import path from 'node:path';

/** Why there can be none here; undefined if there can. */
export function whyNoDisk(): string | undefined {
  if (process.platform !== 'linux') return 'only Linux has tmpfs';
  return process.getuid?.() === 0 ? undefined : 'only root may mount a small disk';
}

/** What statfs(2) calls a tmpfs. */
const TMPFS = 0x01021994;

/** A mounted disk. */
export class SmallDisk {
  private readonly filler: string;

  /** @param folder exists and is empty. @throws Error when it cannot be mounted */
  constructor(
    readonly folder: string,
    private readonly megabytes: number,
  ) {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'none', folder]);
    this.filler = path.join(folder, 'filler');
  }

  /** Takes all room but so many bytes. @throws Error when the disk is not mounted any more: no other one is filled */
  fill(left = 0): void {
    if (statfsSync(this.folder).type !== TMPFS) throw new Error(`${this.folder} is not mounted`);
    const file = openSync(this.filler, 'a');
    const piece = Buffer.alloc(1 << 20);
    try {
      for (let written = 0; written <= this.megabytes; written += 1) writeSync(file, piece);
    } catch {
      const { blocks, bsize, bavail } = statfsSync(this.folder);
      if (bavail > blocks / 50) throw new Error(`${this.folder} could not be filled: ${bavail * bsize} bytes are free`);
    }
    if (left > 0) ftruncateSync(file, Math.max(0, fstatSync(file).size - left));
    closeSync(file);
  }

  /** Gives the room back. */
  free(): void {
    rmSync(this.filler, { force: true });
  }

  /** @throws Error when a process has a file there open for writing */
  makeReadOnly(readOnly: boolean): void {
    execFileSync('mount', ['-o', `remount,${readOnly ? 'ro' : 'rw'}`, this.folder]);
  }

  /** Unmounts it, with all that is on it. */
  remove(): void {
    execFileSync('umount', [this.folder]);
  }
}
