/** A conversion by any way, with a limit of time. */
import { matchInput, type Way } from '../../contract/ways';
import { Failure } from '../failure';
import { convertByEvent, convertByName } from './by-bucket';
import { convertByBody, convertByParameter } from './by-request';
import type { Converted, Photo } from './photo';
import type { Service } from './service';

/** Converts by a way; what passes by itself is tried again. The signal ends it. @throws Failure */
export function convert(way: Way, service: Service, photo: Photo, signal: AbortSignal): Promise<Converted> {
  return matchInput(way, {
    parameter: (by) => convertByParameter(by, service, photo, signal),
    body: (by) => convertByBody(by, service, photo, signal),
    bucket: (by) => convertByName(by, service, photo, signal),
    event: (by) => convertByEvent(by, service, photo, signal),
  });
}

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
