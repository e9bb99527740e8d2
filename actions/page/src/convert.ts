/** One photograph to one PDF, by the way that its size asks for. */
import { convertByBody, type Made, OverLimit } from './by-body';
import { faultOf } from './first-bytes';
import { noAnswer, Refusal } from './refusal';
import { NoAnswer } from './request';
import { size } from './words';

/** What is being done. */
export type Stage =
  | { readonly doing: 'sending'; readonly part: number }
  | { readonly doing: 'converting' }
  | { readonly doing: 'fetching' };

/** Told whenever the stage changes. */
export type Progress = (stage: Stage) => void;

/** Whether photographs over the limit of a request can go by a bucket. */
export type LargeWay = 'bucket' | 'none';

/**
 * Bytes that go by v1. OpenWhisk takes 1 MiB of parameters and of result, in base64, which makes four out of three bytes;
 * a PDF is a little larger than its JPEG.
 */
export const LIMIT = 750_000;

/** @throws Refusal */
export async function convert(photograph: File, large: LargeWay, progress: Progress): Promise<Made> {
  const fault = await faultOf(photograph);
  if (fault !== undefined) throw new Refusal(fault, false);
  try {
    if (photograph.size <= LIMIT) return await convertByBody(photograph, progress);
  } catch (error) {
    if (error instanceof NoAnswer) throw noAnswer({ way: 'v1' });
    if (!(error instanceof OverLimit)) throw error;
    if (large === 'none') throw tooLarge(photograph.size);
  }
  throw tooLarge(photograph.size);
}

function tooLarge(bytes: number): Refusal {
  return new Refusal(
    `This photograph has ${size(bytes)}; up to ${size(LIMIT)} can be sent here. Scale it down.`,
    false,
  );
}
