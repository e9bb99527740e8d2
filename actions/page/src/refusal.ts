/** What went wrong with one photograph, in words for the person in front of the page. */

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

/** Codes of the service (actions/README.md, "Errors"). */
const BY_CODE: Readonly<Record<string, string>> = {
  'not-a-jpeg': 'This is not a JPEG. Save it as a JPEG and choose that.',
  'truncated-jpeg': 'This JPEG is not complete: its end is missing. Copy or download the file again.',
  'corrupt-jpeg': 'This JPEG is damaged. Copy or download the file again, or save it anew from an image program.',
  'unsupported-jpeg': 'This kind of JPEG cannot be converted. Save it as an ordinary one from an image program.',
  'too-many-pixels': 'This photograph has too many pixels. Scale it down first.',
  'too-slow': 'This photograph took too long to convert. Scale it down, or save it anew from an image program.',
};

/** A refusal for an answer that is no success. */
export function refusalOf(status: number, body: unknown, trace: Trace): Refusal {
  const { code, error } = fieldsOf(body);
  const known = code === undefined ? undefined : BY_CODE[code];
  if (known !== undefined) return new Refusal(known, false, error, trace);
  if (status === 413) return new Refusal('This photograph is too large for this service.', false, error, trace);
  if (status === 429) return new Refusal('The service has too much to do. Wait a minute.', true, error, trace);
  if (status === 404) return new Refusal('The service is not there, or no longer.', true, error, trace);
  if (status >= 500) return new Refusal('The service failed.', true, error, trace);
  return new Refusal(`The service did not accept this photograph (status ${status}).`, false, error, trace);
}

/** A refusal for a request that got no answer. */
export function noAnswer(trace: Trace): Refusal {
  return new Refusal('There was no answer. Is the network up?', true, undefined, trace);
}

function fieldsOf(body: unknown): { readonly code?: string; readonly error?: string } {
  if (typeof body !== 'object' || body === null) return {};
  const code = 'code' in body && typeof body.code === 'string' ? body.code : undefined;
  const error = 'error' in body && typeof body.error === 'string' ? body.error : undefined;
  return { ...(code === undefined ? {} : { code }), ...(error === undefined ? {} : { error }) };
}
