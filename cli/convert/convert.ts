/** One JPEG to one PDF, by the way that was asked for, or the one that its size asks for. */

import { messageOf } from '../../ground/errors';
import { convertByEvent, convertByName } from '../client/by-bucket';
import { convertByBody, convertByParameter, OverLimit } from '../client/by-request';
import type { Service } from '../client/service';
import { Failure } from '../failure';
import { checkFiles, writePdf } from './files';
import type { Converted, Job, Outcome, Way } from './job';

/** How all files are converted. */
export interface Manner {
  /** Undefined: v1, and v2 for what is too large for it. */
  readonly via: Way | undefined;
  /** Replace PDFs that are there. */
  readonly force: boolean;
  /** Milliseconds for one file. */
  readonly timeout: number;
}

/**
 * Bytes that go by v1 unless told otherwise. OpenWhisk takes 1 MiB of parameters and of result, in base64, which makes four out of
 * three bytes; a PDF is a little larger than its JPEG. On Cloud Run v1 has the same bounds.
 */
const BY_BODY = 750_000;

const CONVERT = { v0: convertByParameter, v1: convertByBody, v2: convertByName, v3: convertByEvent } as const;

/** Converts a file; a failure is an outcome, too. @param signal ends it; then it throws */
export async function convertFile(service: Service, job: Job, manner: Manner, signal: AbortSignal): Promise<Outcome> {
  const begin = performance.now();
  const limit = AbortSignal.timeout(manner.timeout);
  const milliseconds = () => Math.round(performance.now() - begin);
  try {
    const size = checkFiles(job, manner.force);
    const { pdf, via, activation } = await made(service, job, size, manner.via, AbortSignal.any([signal, limit]));
    await writePdf(job, pdf, manner.force);
    return { file: job.file, pdf: job.target, via, ...(activation && { activation }), milliseconds: milliseconds() };
  } catch (error) {
    signal.throwIfAborted();
    return { file: job.file, milliseconds: milliseconds(), ...told(limit.aborted ? late(manner) : error) };
  }
}

async function made(
  service: Service,
  { file }: Job,
  size: number,
  via: Way | undefined,
  signal: AbortSignal,
): Promise<Converted> {
  if (via !== undefined) return CONVERT[via](service, file, signal);
  if (size > BY_BODY) return convertByName(service, file, signal);
  try {
    return await convertByBody(service, file, signal);
  } catch (error) {
    // Its PDF may be too large, though the JPEG is not.
    if (!(error instanceof OverLimit)) throw error;
    return convertByName(service, file, signal);
  }
}

function late({ timeout }: Manner): Failure {
  return new Failure(
    `There was no PDF within ${timeout / 1000} s.`,
    '`pdfmagic status` and `pdfmagic logs` may tell why; --timeout SECONDS waits longer.',
  );
}

function told(error: unknown): Pick<Outcome, 'error' | 'hint' | 'code'> {
  if (!(error instanceof Failure)) return { error: messageOf(error) };
  const { message, hint, code } = error;
  return { error: message, ...(hint && { hint }), ...(code && { code }) };
}
