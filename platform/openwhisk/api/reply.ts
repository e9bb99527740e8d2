/** Answers of the REST API. */
import { writeJson } from '../../../ground/exact-json';
import type { Json } from '../../../ground/json';
import { ALLOWED_HEADERS } from '../http-request';

/** CORS headers of the REST API (not of web actions). */
export const REST_CORS: readonly [string, string][] = [
  ['Access-Control-Allow-Origin', '*'],
  ['Access-Control-Allow-Headers', ALLOWED_HEADERS],
  ['Access-Control-Allow-Methods', 'GET, DELETE, POST, PUT, HEAD'],
];

/** CORS headers of the paths beside the API. */
export const SERVER_CORS: readonly [string, string][] = [
  ['Access-Control-Allow-Origin', '*'],
  ['Access-Control-Allow-Headers', ALLOWED_HEADERS],
  ['Access-Control-Allow-Methods', 'OPTIONS, GET, POST'],
];

/** An answer before it becomes a response. */
export interface Reply {
  readonly status: number;
  /** JSON, unless `text` is given; neither means an empty answer. */
  readonly json?: Json;
  readonly text?: string;
  readonly headers?: readonly (readonly [string, string])[];
}

/** 200 with JSON. */
export function replyOk(json: Json): Reply {
  return { status: 200, json };
}

/** 202 or another status about an activation, with its id in the header. */
export function replyActivation(status: number, activationId: string, json: Json): Reply {
  return { status, json, headers: [['x-openwhisk-activation-id', activationId]] };
}

/** An error as OpenWhisk words it: the text, and the id of the request as `code`. */
export function replyError(status: number, error: string, transactionId: string): Reply {
  return { status, json: { error: error.trim(), code: transactionId } };
}

/** The response for an answer; `more` are headers that every answer of its kind has. */
export function toResponse(reply: Reply, more: readonly [string, string][]): Response {
  const { status } = reply;
  // Plain, since the server passes these on as they are.
  const headers: Record<string, string> = Object.fromEntries([...more, ...(reply.headers ?? [])]);
  if (reply.json !== undefined) {
    return new Response(writeJson(reply.json), { status, headers: { ...headers, 'Content-Type': 'application/json' } });
  }
  if (reply.text !== undefined) {
    return new Response(reply.text, { status, headers: { ...headers, 'Content-Type': 'text/plain; charset=UTF-8' } });
  }
  return new Response(null, { status, headers });
}
