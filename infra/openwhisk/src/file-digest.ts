/**
 * The digest of a file, taken once in a process for as long as the file stays as it is: a deployment asks for that of a large zip
 * again and again, when it is built, when it becomes an input, and when the input is checked.
 */
import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { open } from 'node:fs/promises';

/** Bytes read at a time. */
const BLOCK = 1 << 20;

/**
 * Milliseconds after a change in which there may be another one that the times of the file do not tell: some file systems keep
 * them by the second or two.
 */
const UNSURE = 3_000;

const known = new Map<string, string>();

/**
 * SHA-256 of a file's bytes, in hexadecimal.
 * @throws the error of the file system when it cannot be read
 */
export async function digestFile(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const before = await handle.stat({ bigint: true });
    const name = identify(file, before);
    const found = known.get(name);
    if (found !== undefined) return found;
    const hash = createHash('sha256');
    const block = Buffer.allocUnsafe(Math.max(1, Math.min(BLOCK, Number(before.size))));
    for (;;) {
      const { bytesRead } = await handle.read(block, 0, block.length);
      if (bytesRead === 0) break;
      hash.update(block.subarray(0, bytesRead));
    }
    const digest = hash.digest('hex');
    const after = await handle.stat({ bigint: true });
    if (identify(file, after) === name && Date.now() - Number(after.ctimeMs) > UNSURE) known.set(name, digest);
    return digest;
  } finally {
    await handle.close();
  }
}

/** Whatever changes a file changes this; nobody can set the time of the last change of a file (`ctime`). */
function identify(file: string, { dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [file, dev, ino, size, mtimeNs, ctimeNs].join(' ');
}
