/**
 * Content of open files on its way to a stream: through one piece of memory that is used again. A new one for each piece would
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
 * Sends pieces one after the other, as fast as they are taken; the stream is left open.
 * @throws Error when the stream closes before, or a file has become shorter
 */
export async function sendPieces(pieces: readonly Piece[], sink: Writable): Promise<void> {
  const largest = Math.max(0, ...pieces.map(({ size }) => size));
  const memory = Buffer.allocUnsafeSlow(Math.min(AT_A_TIME, largest));
  for (const { file, start, size } of pieces) {
    for (let sent = 0; sent < size; ) {
      const { bytesRead } = await file.read(memory, 0, Math.min(memory.length, size - sent), start + sent);
      if (bytesRead === 0) throw new Error('a file has become shorter while it was read');
      await writeOut(sink, memory.subarray(0, bytesRead));
      sent += bytesRead;
    }
  }
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
