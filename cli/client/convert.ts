/** A conversion by any of the ways, with a limit of time. */
import type { Way } from '../../contract/ways';
import { Failure } from '../failure';
import { convertByEvent, convertByName } from './by-bucket';
import { convertByBody, convertByParameter } from './by-request';
import type { Converted, Photo } from './photo';
import type { Service } from './service';

/** By each way; what passes by itself is tried again. The signal ends it; all throw Failure. */
export const CONVERT: Readonly<
  Record<Way, (service: Service, photo: Photo, signal: AbortSignal) => Promise<Converted>>
> = {
  v0: convertByParameter,
  v1: convertByBody,
  v2: convertByName,
  v3: convertByEvent,
};

/** Does `work`, and ends it after so many milliseconds. @throws Failure then; the reason of `signal` when that comes first */
export async function within<T>(
  timeout: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = AbortSignal.timeout(timeout);
  try {
    return await work(AbortSignal.any([signal, limit]));
  } catch (error) {
    signal.throwIfAborted();
    if (!limit.aborted) throw error;
    throw new Failure(
      `No PDF appeared within ${timeout / 1000} s.`,
      '`pdfmagic status` and `pdfmagic logs` may say why. To wait longer, use --timeout SECONDS.',
    );
  }
}
