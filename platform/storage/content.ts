/**
 * Content of open files on its way to elsewhere: through one piece of memory that is used again. A new one for each piece would
 * have to be collected, and three megabytes a request keep the garbage collector busy.
 */
import type { FileHandle } from 'node:fs/promises';
import type { Writable } from 'node:stream';

/** A part of an open file that is content: from `start`, `size` bytes. */
export interface Piece {
  readonly file: FileHandle;
  readonly start: number;
  readonly size: number;
}

/** Bytes that are read at a time. */
export const AT_A_TIME = 256 * 1024;

/**
 * Reads pieces one after the other.
 * @param take called with the next bytes; they are good until it has resolved
 * @throws Error when a file has become shorter; what `take` throws
 */
export async function readPieces(
  pieces: readonly Piece[],
  take: (bytes: Buffer) => Promise<void> | void,
): Promise<void> {
  const largest = Math.max(0, ...pieces.map(({ size }) => size));
  const memory = Buffer.allocUnsafeSlow(Math.min(AT_A_TIME, largest));
  for (const { file, start, size } of pieces) {
    for (let done = 0; done < size; ) {
      const { bytesRead } = await file.read(memory, 0, Math.min(memory.length, size - done), start + done);
      if (bytesRead === 0) throw new Error('a file has become shorter while it was read');
      await take(memory.subarray(0, bytesRead));
      done += bytesRead;
    }
  }
}

/** Sends pieces as fast as they are taken; the stream is left open. @throws Error when it closes before; as `readPieces` */
export function sendPieces(pieces: readonly Piece[], sink: Writable): Promise<void> {
  return readPieces(pieces, (bytes) => writeOut(sink, bytes));
}

/** Writes pieces to the beginning of a file, and to the disk. @throws Error of the disk; as `readPieces` */
export async function storePieces(pieces: readonly Piece[], target: FileHandle): Promise<void> {
  let at = 0;
  await readPieces(pieces, async (bytes) => {
    for (let written = 0; written < bytes.length; )
      written += (await target.write(bytes, written, bytes.length - written, at + written)).bytesWritten;
    at += bytes.length;
  });
  await target.sync();
}

/** Resolves when the stream needs the bytes no more. */
function writeOut(sink: Writable, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(new Error('the stream was closed before it had all'));
    if (sink.destroyed) return gone();
    sink.once('close', gone);
    sink.write(bytes, (error) => {
      sink.off('close', gone);
      if (error) reject(error);
      else resolve();
    });
  });
}
