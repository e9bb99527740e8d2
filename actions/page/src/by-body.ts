/** v1: the photograph is the body of the request, the PDF that of the answer. */

import { REENCODED } from '../../../contract/options';
import { type Trace, toRefusal } from './refusal';
import { ask } from './request';
import { serviceUrl } from './service';
import type { Task } from './task';

/** A PDF and how it came to be. */
export interface Made extends Trace {
  readonly pdf: Blob;
  /** Why the photograph was encoded again, if it was. */
  readonly reencoded?: string | undefined;
}

/** Too large for this way: request or result is above OpenWhisk's limit. */
export class OverLimit extends Error {
  constructor(readonly trace: Trace) {
    super('over the limit of a request');
  }
}

/** @throws OverLimit, Refusal, NoAnswer */
export async function convertByBody(photograph: File, { progress, asked, signal }: Task): Promise<Made> {
  progress({ doing: 'sending', part: 0 });
  const answer = await ask({
    method: 'POST',
    url: serviceUrl('pdf', { ...asked, name: photograph.name }),
    headers: { 'Content-Type': 'image/jpeg', Accept: '*/*' },
    body: photograph,
    signal,
    onSent: (part) => progress(part < 1 ? { doing: 'sending', part } : { doing: 'converting' }),
  });
  const trace: Trace = { way: 'v1', activation: answer.activation };
  // 202 is OpenWhisk's word for an action that takes longer than its callers may wait.
  if (answer.ok && answer.status !== 202)
    return { ...trace, pdf: makePdf(answer.body), reencoded: answer.header(REENCODED.header) };
  const body = await answer.json();
  if (answer.status === 413 && !isTooManyPixels(body)) throw new OverLimit(trace);
  throw toRefusal(answer.status === 202 ? 504 : answer.status, body, trace);
}

/** What was received, as what it is. */
export function makePdf(body: Blob): Blob {
  return new Blob([body], { type: 'application/pdf' });
}

function isTooManyPixels(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'code' in body && body.code === 'too-many-pixels';
}
