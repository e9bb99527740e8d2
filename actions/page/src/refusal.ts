/** What went wrong with one photograph, in words for the person in front of the page. */

import { NoAnswer } from './request';
import { FAULT, FAULT_BY_CODE } from './words';

/** How a photograph travels: `v1` in the request, `v2` and `v3` by a bucket. */
export type Way = 'v1' | 'v2' | 'v3';

/** Where a conversion happened, as far as it is known. */
export interface Trace {
  readonly way: Way;
  /** Id of the activation that converted, or refused to. */
  readonly activation?: string | undefined;
}

/** A photograph that did not become a PDF. */
export class Refusal extends Error {
  /**
   * @param message what was wrong and what to do
   * @param again whether trying again may help
   * @param said the service's own words, where they add something
   */
  constructor(
    message: string,
    readonly again: boolean,
    readonly said?: string | undefined,
    readonly trace?: Trace | undefined,
  ) {
    super(message);
  }
}

/** A refusal for lack of an answer: it is tried again when the network is back. */
export class Unreachable extends Refusal {}

/** A refusal for an answer that is no success. */
export function toRefusal(status: number, body: unknown, trace: Trace): Refusal {
  const { code, error } = readFields(body);
  const fault = code === undefined ? undefined : FAULT_BY_CODE[code];
  if (fault !== undefined) return new Refusal(fault, false, error, trace);
  if (status === 413) return new Refusal(FAULT.tooLargeForService, false, error, trace);
  if (status === 429) return new Refusal(FAULT.busy, true, error, trace);
  if (status === 404) return new Refusal(FAULT.gone, true, error, trace);
  if (status >= 500) return new Refusal(FAULT.failed, true, error, trace);
  return new Refusal(FAULT.refused(status), false, error, trace);
}

/** A photograph's fault in words, by the service's code for it. */
export function describeFault(code: string | undefined): string {
  return FAULT_BY_CODE[code ?? ''] ?? FAULT.failed;
}

/** Whatever went wrong, as a refusal. */
export function asRefusal(error: unknown, trace: Trace): Refusal {
  if (error instanceof NoAnswer) return describeNoAnswer(trace);
  return error instanceof Refusal ? error : new Refusal(FAULT.page, true, String(error));
}

/** A refusal for a request that got no answer. */
export function describeNoAnswer(trace: Trace): Unreachable {
  return new Unreachable(navigator.onLine ? FAULT.noAnswer : FAULT.offline, true, undefined, trace);
}

function readFields(body: unknown): { readonly code?: string; readonly error?: string } {
  if (typeof body !== 'object' || body === null) return {};
  const code = 'code' in body && typeof body.code === 'string' ? body.code : undefined;
  const error = 'error' in body && typeof body.error === 'string' ? body.error : undefined;
  return { ...(code === undefined ? {} : { code }), ...(error === undefined ? {} : { error }) };
}
