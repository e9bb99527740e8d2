/** What is compared of the answers of the two platforms, and where they differ. */
import type { Answer } from './platforms';

/** What a client of the API goes by. */
export interface Essence {
  readonly status: number;
  /** The PDF, or the result of v2, or the code of a refusal of the service. */
  readonly pdf?: string;
  /** Why the original was not kept. */
  readonly reencoded?: string | undefined;
  readonly result?: unknown;
  readonly code?: string;
}

/** Requests that OpenWhisk refuses before any action sees them, and Cloud Run serves. */
export const DIFFERENCES: Readonly<Record<string, readonly [openwhisk: number, cloudrun: number]>> = {
  'v1: a query that cannot be decoded': [400, 200],
};

const OF_THE_SERVICE = /^[a-z]+(-[a-z]+)+$/;

/** The essence of an answer. OpenWhisk's own refusals have an id as code, another one each time: their status is all. */
export function essenceOf({ status, headers, body }: Answer): Essence {
  if (headers['content-type'] === 'application/pdf')
    return { status, pdf: body.toString('latin1'), reencoded: headers['pdfmagic-reencoded'] };
  if (status === 200) return { status, ...(body.length > 0 && { result: JSON.parse(body.toString()) }) };
  const { code } = body.length > 0 ? (JSON.parse(body.toString()) as { code?: unknown }) : {};
  return { status, ...(typeof code === 'string' && OF_THE_SERVICE.test(code) && { code }) };
}
