/** A JPEG from stdin: kept in a private file until it is converted, since it may be sent more than once. */
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { PHOTOGRAPH_BYTES } from '../../contract/limits';
import { Failure, UsageFailure, wordsOf } from '../failure';
import { type Job, STREAM } from './job';

/** Does `work` with the jobs, the one of stdin with its copy. @throws UsageFailure when stdin is a terminal */
export async function withStdin<T>(
  jobs: readonly Job[],
  signal: AbortSignal,
  work: (jobs: readonly Job[]) => Promise<T>,
): Promise<T> {
  if (!jobs.some(({ file }) => file === STREAM)) return work(jobs);
  if (process.stdin.isTTY)
    throw new UsageFailure('stdin is a terminal.', 'Send a JPEG: pdfmagic convert - < photo.jpg > photo.pdf.');
  const folder = await mkdtemp(path.join(tmpdir(), 'pdfmagic-'));
  try {
    const copy = path.join(folder, 'stdin.jpg');
    const failure = await keep(copy, signal);
    return await work(jobs.map((job) => (job.file === STREAM ? { ...job, copy, ...(failure && { failure }) } : job)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @returns why it cannot be converted, if so. @throws the reason of the signal */
async function keep(copy: string, signal: AbortSignal): Promise<Failure | undefined> {
  try {
    await pipeline(process.stdin, limit, createWriteStream(copy, { mode: 0o600 }), { signal });
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    return error instanceof Failure ? error : new Failure(`stdin cannot be read: ${wordsOf(error)}.`);
  }
}

async function* limit(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > PHOTOGRAPH_BYTES)
      throw new Failure(
        `It is larger than ${PHOTOGRAPH_BYTES} bytes, which is the limit.`,
        'Scale the photograph down.',
      );
    yield chunk;
  }
}
