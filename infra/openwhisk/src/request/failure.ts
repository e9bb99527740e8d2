import { isObject } from '../json';

/** What went wrong with a request to OpenWhisk, reduced to what a caller must tell apart. */
export type FailureKind =
  | 'unauthenticated' // 401
  | 'forbidden' // 403
  | 'absent' // 404
  | 'exists' // 409: PUT without overwrite
  | 'concurrent' // 409: another write in between
  | 'other-collection' // 409: the name belongs to an entity of another kind
  | 'not-empty' // 409: package with actions
  | 'too-large' // 413
  | 'throttled' // 429
  | 'unavailable' // 502-504 from OpenWhisk itself or a proxy before it
  | 'action-failed' // 502 with the result of an action that ran (feeds, API management)
  | 'refused' // nothing listens there: the request never arrived
  | 'lost' // the connection broke or timed out: the request may have arrived
  | 'unreachable' // no such host, or a certificate that cannot be trusted
  | 'rejected'; // 400 and all others

/** A failed request, without anything of the request that could hold a secret. */
export interface Failure {
  readonly kind: FailureKind;
  readonly status?: number;
  /** OpenWhisk's own words. */
  readonly text: string;
}

/**
 * Reads an error of the `openwhisk` client, which keeps the status code but loses the code of a network error.
 * Error texts: `ErrorResponse.scala` of apache/openwhisk, and recorded answers.
 */
export function failureOf(error: unknown): Failure {
  const status = isObject(error) && typeof error.statusCode === 'number' ? error.statusCode : undefined;
  if (status === undefined) return readNetworkFailure(error);
  const body = isObject(error) ? error.error : undefined;
  return { kind: kindOf(status, body), status, text: textOf(body, error) };
}

function kindOf(status: number, body: unknown): FailureKind {
  if (status === 401) return 'unauthenticated';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'absent';
  if (status === 409) return classifyConflict(textOf(body, undefined));
  if (status === 413) return 'too-large';
  if (status === 429) return 'throttled';
  if (status === 502 && isActionResult(body)) return classifyResult(textOf(body, undefined));
  if (status >= 502 && status <= 504) return 'unavailable';
  return 'rejected';
}

function classifyConflict(text: string): FailureKind {
  if (/already exists/i.test(text)) return 'exists';
  if (/not in this collection/i.test(text)) return 'other-collection';
  if (/not empty/i.test(text)) return 'not-empty';
  if (/concurrent modification/i.test(text)) return 'concurrent';
  return 'rejected';
}

/** API management is an action that looks at the key itself (recorded case `apimgmt-errors`). */
function classifyResult(text: string): FailureKind {
  return /^(A valid auth key is required|Invalid authentication)\.$/.test(text) ? 'unauthenticated' : 'action-failed';
}

/** An action's result is JSON without the `code` (transaction id) that OpenWhisk's own errors carry. */
function isActionResult(body: unknown): boolean {
  return isObject(body) && !('code' in body) && ('error' in body || 'response' in body);
}

function textOf(body: unknown, error: unknown): string {
  const result = isObject(body) && isObject(body.response) ? body.response.result : body;
  const text = isObject(result) ? messageIn(result.error) : undefined;
  if (text !== undefined) return text;
  return error instanceof Error && !/Missing Error Message/.test(error.message) ? error.message : 'no reason given';
}

function messageIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (isObject(value)) return messageIn(value.error) ?? messageIn(value.message) ?? JSON.stringify(value);
  return undefined;
}

function readNetworkFailure(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  const text = message.replace(/^Unknown Error From API:\s*/, '');
  // An empty text is Node's AggregateError: every address of the name refused.
  if (text === '' || /ECONNREFUSED/.test(text)) return { kind: 'refused', text: text || 'connection refused' };
  if (/ECONNRESET|EPIPE|ETIMEDOUT|ECONNABORTED|EAI_AGAIN|socket hang up|aborted|timeout|Parse Error/i.test(text)) {
    return { kind: 'lost', text };
  }
  if (/ENOTFOUND|EHOSTUNREACH|ENETUNREACH|certificate|self.signed|altnames|wrong version number|SSL/i.test(text)) {
    return { kind: 'unreachable', text };
  }
  return { kind: 'rejected', text };
}
