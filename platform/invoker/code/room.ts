/** How much room unpacked code takes on the disk, and what is to go when it is too much. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

/** Unpacked code that no sandbox uses: its folder, bytes, and when it was last asked for. */
export interface Unused {
  readonly folder: string;
  readonly bytes: number;
  readonly at: number;
}

/** Those that were not asked for the longest, so that the rest is at most `entries` of at most `bytes` together. */
export function findSurplus(unused: readonly Unused[], entries: number, bytes: number): string[] {
  const latest = [...unused].sort((a, b) => b.at - a.at);
  let [kept, size] = [0, 0];
  return latest
    .filter((one) => {
      size += one.bytes;
      kept += 1;
      return kept > entries || size > bytes;
    })
    .map(({ folder }) => folder);
}

/** Bytes that the files of a folder take on the disk, its folders included. */
export async function roomOf(folder: string): Promise<number> {
  let bytes = (await stat(folder)).blocks * 512;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const at = path.join(folder, entry.name);
    if (entry.isDirectory()) bytes += await roomOf(at);
    else if (entry.isFile()) bytes += (await stat(at)).blocks * 512;
  }
  return bytes;
}
