/** One photograph to one PDF, by the way that its size asks for. */
import { PHOTOGRAPH_BYTES, REQUEST_BYTES } from '../../../contract/limits';
import { convertByBody, type Made, OverLimit } from './by-body';
import { convertByBucket } from './by-bucket';
import { findFault } from './first-bytes';
import { describeNoAnswer, Refusal, type Way } from './refusal';
import { NoAnswer } from './request';
import type { Task } from './task';
import { FAULT } from './words';

/** Whether photographs over the limit of a request can go by a bucket. */
export type LargeWay = 'bucket' | 'none';

/** @throws Refusal */
export async function convert(photograph: File, large: LargeWay, task: Task): Promise<Made> {
  const fault = await findFault(photograph);
  if (fault !== undefined) throw new Refusal(fault, false);
  const most = large === 'bucket' ? PHOTOGRAPH_BYTES : REQUEST_BYTES;
  if (photograph.size > most) throw new Refusal(FAULT.tooLarge(photograph.size, most), false);
  let way: Way = 'v1';
  try {
    if (photograph.size <= REQUEST_BYTES) {
      try {
        return await convertByBody(photograph, task);
      } catch (error) {
        if (!(error instanceof OverLimit)) throw error;
        if (large === 'none') throw new Refusal(FAULT.pdfTooLarge, false, undefined, error.trace);
      }
    }
    way = 'v2';
    return await convertByBucket(photograph, task);
  } catch (error) {
    throw error instanceof NoAnswer ? describeNoAnswer({ way }) : error;
  }
}
