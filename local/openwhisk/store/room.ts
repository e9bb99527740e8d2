/** Room on the disk of a directory. */
import { statfsSync } from 'node:fs';

/** Whether there are so many bytes; true where the file system does not tell. */
export function hasRoom(directory: string, bytes: number): boolean {
  try {
    const { blocks, bavail, bsize } = statfsSync(directory);
    return blocks === 0 || bavail * bsize >= bytes;
  } catch {
    return true;
  }
}
