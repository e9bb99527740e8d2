/** Bodies of requests: taken whole, at their client's pace within bounds, before anything else waits for them. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import type http from 'node:http';
import path from 'node:path';
import { UPLOADS } from './data-folder';
import { GoogleError } from './google-error';
import { LARGEST_OBJECT } from './objects';
import { type Patience, watchPace } from './pace';
import type { Refusals } from './refused';

/** How large metadata may be, in bytes. */
export const METADATA_LIMIT = 1024 * 1024;
/** Bytes of a body that may wait to be written. */
const WAITING = 1024 * 1024;

/** How much of a body came, and whether that was all. */
export interface Received {
  readonly bytes: number;
  readonly complete: boolean;
}

/**
 * Takes a body piece by piece.
 * @param write called with pieces that follow each other, and where the first of them begins; again when it has resolved
 * @throws GoogleError 408 when it comes too slowly; what `write` throws
 */
export function receive(
  request: http.IncomingMessage,
  patience: Patience,
  write: (pieces: readonly Buffer[], at: number) => Promise<void> | void,
): Promise<Received> {
  return new Promise((resolve, reject) => {
    let bytes = 0;
    let written = 0;
    let waiting: Buffer[] = [];
    let turn: Promise<void> | undefined;
    let over = false;
    const end = (step: () => void) => {
      if (over) return;
      over = true;
      stopWatching();
      request.off('data', take).off('end', ended).off('close', ended).off('error', ended);
      // Whoever is cut off has no more to say to this.
      request.on('error', () => undefined);
      (turn ?? Promise.resolve()).then(step, reject);
    };
    /** What came while pieces were written is written in one: a disk takes a megabyte sooner than many small pieces. */
    const writeAll = async () => {
      while (waiting.length > 0) {
        const pieces = waiting;
        const upTo = bytes;
        waiting = [];
        await write(pieces, written);
        written = upTo;
        if (bytes - written <= WAITING) request.resume();
      }
      turn = undefined;
    };
    const take = (chunk: Buffer) => {
      bytes += chunk.length;
      waiting.push(chunk);
      // Not after each piece: what waits to be read when a connection breaks is lost.
      if (bytes - written > WAITING) request.pause();
      if (turn !== undefined) return;
      turn = writeAll();
      turn.catch(() => end(() => undefined));
    };
    const ended = () => end(() => resolve({ bytes, complete: request.complete }));
    const tooSlow = new GoogleError(408, 'The body arrived too slowly. Nothing was kept; send it again.');
    const stopWatching = watchPace(
      patience,
      () => bytes,
      () => end(() => reject(tooSlow)),
    );
    if (request.readableEnded || request.destroyed) ended();
    else request.on('data', take).on('end', ended).on('close', ended).on('error', ended);
  });
}

/** A small body as a whole. @throws GoogleError 400 when it is cut off, 408, 413 */
export async function receiveMetadata(request: http.IncomingMessage, patience: Patience): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const { complete } = await receive(request, patience, (pieces, at) => {
    if (at + sizeOf(pieces) > METADATA_LIMIT)
      throw new GoogleError(413, `The metadata is larger than ${METADATA_LIMIT} bytes.`);
    chunks.push(...pieces);
  });
  if (!complete) throw cutOffError();
  return Buffer.concat(chunks);
}

function cutOffError(): GoogleError {
  return new GoogleError(400, 'The body was cut off. Nothing was kept.');
}

/** The folder for bodies that are on their way. */
export class Spool {
  readonly folder: string;

  constructor(
    dataDir: string,
    readonly patience: Patience,
    private readonly refusals: Refusals,
  ) {
    this.folder = path.join(dataDir, UPLOADS);
  }

  /** Removes what a platform left that was killed, but for the files that somebody still wants. */
  clear(wanted: (file: string) => boolean): void {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    for (const file of readdirSync(this.folder))
      if (!wanted(file)) rmSync(path.join(this.folder, file), { force: true });
  }

  /**
   * Takes a body into a file, and runs a step with it; the file is gone afterwards.
   * @throws GoogleError 400 when it is cut off, 408, 413, 507
   */
  async with<Result>(
    request: http.IncomingMessage,
    step: (file: FileHandle, size: number) => Promise<Result>,
  ): Promise<Result> {
    const name = path.join(this.folder, `${randomUUID()}.body`);
    const file = await this.guard(() => open(name, 'wx+', 0o600));
    try {
      const { bytes, complete } = await this.append(request, file, 0);
      if (!complete) throw cutOffError();
      return await step(file, bytes);
    } finally {
      await file.close();
      await rm(name, { force: true });
    }
  }

  /** Takes a body into an open file, from a place on. @throws GoogleError 408, 413, 507 */
  append(request: http.IncomingMessage, file: FileHandle, start: number, skip = 0): Promise<Received> {
    return this.guard(() =>
      receive(request, this.patience, async (pieces, at) => {
        // Bytes that came before; they are not written again.
        let left = dropBytes(pieces, skip - at);
        let place = start + Math.max(0, at - skip);
        if (place + sizeOf(left) > LARGEST_OBJECT + METADATA_LIMIT)
          throw new GoogleError(
            413,
            `The object is larger than ${LARGEST_OBJECT} bytes, the most that this emulator accepts.`,
          );
        while (left.length > 0) {
          const { bytesWritten } = await file.writev(left, place);
          place += bytesWritten;
          left = dropBytes(left, bytesWritten);
        }
      }),
    );
  }

  async guard<Result>(step: () => Promise<Result>): Promise<Result> {
    try {
      return await step();
    } catch (error) {
      throw this.refusals.interpretError(error) ?? error;
    }
  }
}

function sizeOf(pieces: readonly Buffer[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}

/** The pieces without so many bytes at their beginning; none is empty. */
function dropBytes(pieces: readonly Buffer[], count: number): Buffer[] {
  let before = 0;
  return pieces.flatMap((piece) => {
    const rest = piece.subarray(Math.max(0, count - before));
    before += piece.length;
    return rest.length > 0 ? [rest] : [];
  });
}
