/** One JPEG to one PDF, by the way that was asked for, or the one that its size asks for. */
import path from 'node:path';
import type { ConversionOptions } from '../../contract/options';
import { WAYS, type Way } from '../../contract/ways';
import { messageOf } from '../../ground/errors';
import { OverLimit } from '../client/by-request';
import { convert, within } from '../client/convert';
import type { Converted, Photo } from '../client/photo';
import type { Service } from '../client/service';
import { Failure } from '../failure';
import { checkJpeg, checkTarget, isMade, writePdf } from './files';
import { type Job, type Outcome, PLACE, STREAM } from './job';

/** How all files are converted. */
export interface Manner {
  /** Undefined: v1, and v2 for what is too large for it. */
  readonly via: Way | undefined;
  readonly asked: ConversionOptions;
  /** Replace PDFs that are there. */
  readonly force: boolean;
  /** Leave them, and count them as done. */
  readonly skipExisting: boolean;
  /** Milliseconds for one file. */
  readonly timeout: number;
}

/** Converts a file; a failure is an outcome, too. @param signal ends it; then it throws */
export async function convertFile(service: Service, job: Job, manner: Manner, signal: AbortSignal): Promise<Outcome> {
  const begin = performance.now();
  const milliseconds = () => Math.round(performance.now() - begin);
  try {
    if (manner.skipExisting && isMade(job.target))
      return { file: job.file, pdf: job.target, skipped: true, milliseconds: milliseconds() };
    const size = checkJpeg(job);
    checkTarget(job.target, manner.force, PLACE.each);
    const name = job.file === STREAM ? {} : { name: path.basename(job.file) };
    const photo = { file: job.copy ?? job.file, ...name, asked: manner.asked };
    const { pdf, via, activation, reencoded } = await within(manner.timeout, signal, (limit) =>
      convertVia(manner.via, service, photo, size, limit),
    );
    await writePdf(job.target, pdf, manner.force);
    const told = { ...(activation && { activation }), ...(reencoded !== undefined && { reencoded }) };
    return { file: job.file, pdf: job.target, via, ...told, milliseconds: milliseconds() };
  } catch (error) {
    signal.throwIfAborted();
    return { file: job.file, milliseconds: milliseconds(), ...describeError(error) };
  }
}

/** By the way that was asked for; else by v1, and by v2 what is too large for it. */
async function convertVia(
  via: Way | undefined,
  service: Service,
  photo: Photo,
  size: number,
  signal: AbortSignal,
): Promise<Converted> {
  if (via !== undefined) return convert(via, service, photo, signal);
  if (size > WAYS.v1.limit) return convert('v2', service, photo, signal);
  try {
    return await convert('v1', service, photo, signal);
  } catch (error) {
    // Its PDF may be too large, though the JPEG is not.
    if (!(error instanceof OverLimit)) throw error;
    return convert('v2', service, photo, signal);
  }
}

/** A failure as an outcome has it. */
export function describeError(error: unknown): Pick<Outcome, 'error' | 'hint' | 'code'> {
  if (!(error instanceof Failure)) return { error: messageOf(error) };
  const { message, hint, code } = error;
  return { error: message, ...(hint && { hint }), ...(code && { code }) };
}
