/** One photograph to one PDF, by the way that its size asks for. */
import { REQUEST_BYTES } from '../../../contract/limits';
import { convertByBody, type Made, OverLimit } from './by-body';
import { convertByBucket } from './by-bucket';
import { check, type LargeWay } from './check';
import { describeNoAnswer, Refusal, type Way } from './refusal';
import { NoAnswer } from './request';
import type { Task } from './task';
import { FAULT } from './words';

/** @throws Refusal */
export async function convert(photograph: File, large: LargeWay, task: Task): Promise<Made> {
  const fault = await check(photograph, large);
  if (fault !== undefined) throw fault;
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
