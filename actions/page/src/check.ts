/** What is wrong with a photograph, as far as that is known before anything is sent. */
import { PHOTOGRAPH_BYTES, REQUEST_BYTES } from '../../../contract/limits';
import { findFault } from './first-bytes';
import { Refusal } from './refusal';
import { FAULT } from './words';

/** Whether photographs over the limit of a request can go by a bucket. */
export type LargeWay = 'bucket' | 'none';

/** Bytes of the largest photograph. */
export function largestOf(large: LargeWay): number {
  return large === 'bucket' ? PHOTOGRAPH_BYTES : REQUEST_BYTES;
}

/** @returns why it cannot be converted; undefined if nothing is known against it */
export async function check(photograph: File, large: LargeWay): Promise<Refusal | undefined> {
  const fault = await findFault(photograph);
  if (fault !== undefined) return new Refusal(fault, false);
  const most = largestOf(large);
  return photograph.size > most ? new Refusal(FAULT.tooLarge(photograph.size, most), false) : undefined;
}
