/** What is sent back for a web action, free of any HTTP library. */
import type { Buffer } from 'node:buffer';
import type { Json } from '../../../ground/json';
import { ALLOWED_HEADERS } from '../http-request';

/** An HTTP answer. Headers may repeat. */
export interface WebAnswer {
  /** 200 to 599. */
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Empty when undefined. */
  readonly body?: string | Buffer<ArrayBuffer>;
}

/** A JSON answer. */
function answerJson(status: number, value: Json): WebAnswer {
  return { status, headers: [['Content-Type', 'application/json']], body: JSON.stringify(value) };
}

/** An error in OpenWhisk's form; `code` is the id by which the request is found in logs. */
export function answerError(status: number, error: string, transactionId: string): WebAnswer {
  return answerJson(status, { code: transactionId, error });
}

/** The same answer with more headers behind its own. */
export function addHeaders(answer: WebAnswer, headers: WebAnswer['headers']): WebAnswer {
  return { ...answer, headers: [...answer.headers, ...headers] };
}

/** The answer as a web-standard response. */
export function toResponse(answer: WebAnswer): Response {
  const headers = new Headers();
  for (const [name, value] of answer.headers) headers.append(name, value);
  if (answer.body === undefined && answer.status !== 204 && answer.status !== 304) headers.set('Content-Length', '0');
  return new Response(answer.body ?? null, { status: answer.status, headers });
}

/**
 * CORS headers that OpenWhisk adds to the answers of web actions which do not see to them by `web-custom-options`.
 * `requested` is the caller's `Access-Control-Request-Headers`: whatever it asks for is allowed.
 */
export function makeCorsHeaders(requested: string | undefined): [name: string, value: string][] {
  return [
    ['Access-Control-Allow-Origin', '*'],
    ['Access-Control-Allow-Methods', 'OPTIONS, GET, DELETE, POST, PUT, HEAD, PATCH'],
    ['Access-Control-Allow-Headers', requested ?? ALLOWED_HEADERS],
  ];
}
