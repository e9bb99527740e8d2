/** One photograph to one PDF, by the way that its size asks for. */
import { convertByBody, type Made, OverLimit } from './by-body';
import { convertByBucket } from './by-bucket';
import { faultOf } from './first-bytes';
import { noAnswer, Refusal, type Way } from './refusal';
import { NoAnswer } from './request';
import { size } from './words';

/** What is being done. */
export type Stage =
  | { readonly doing: 'sending'; readonly part: number }
  | { readonly doing: 'converting' }
  | { readonly doing: 'fetching' };

/** A conversion as whoever asked for it sees it. */
export interface Task {
  /** Told whenever the stage changes. */
  readonly progress: (stage: Stage) => void;
  /** Aborted when it is not wanted any more. */
  readonly signal: AbortSignal;
}

/** Whether photographs over the limit of a request can go by a bucket. */
export type LargeWay = 'bucket' | 'none';

/**
 * Bytes that go by v1. OpenWhisk takes 1 MiB of parameters and of result, in base64, which makes four out of three bytes;
 * a PDF is a little larger than its JPEG.
 */
export const LIMIT = 750_000;

/** Bytes that go by a bucket: a round number below what `upload` grants, 128 MiB. */
export const LARGEST = 128_000_000;

/** @throws Refusal */
export async function convert(photograph: File, large: LargeWay, task: Task): Promise<Made> {
  const fault = await faultOf(photograph);
  if (fault !== undefined) throw new Refusal(fault, false);
  const most = large === 'bucket' ? LARGEST : LIMIT;
  if (photograph.size > most) throw tooLarge(photograph.size, most);
  let way: Way = 'v1';
  try {
    if (photograph.size <= LIMIT) {
      try {
        return await convertByBody(photograph, task);
      } catch (error) {
        if (!(error instanceof OverLimit)) throw error;
        if (large === 'none') throw new Refusal(PDF_TOO_LARGE, false, undefined, error.trace);
      }
    }
    way = 'v2';
    return await convertByBucket(photograph, task);
  } catch (error) {
    throw error instanceof NoAnswer ? noAnswer({ way }) : error;
  }
}

const PDF_TOO_LARGE = 'The PDF of this photograph is too large to be sent back. Scale the photograph down.';

function tooLarge(bytes: number, most: number): Refusal {
  return new Refusal(`This photograph has ${size(bytes)}; up to ${size(most)} can be sent here. Scale it down.`, false);
}
