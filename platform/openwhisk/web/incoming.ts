/** What the routes of web actions and of the gateway need of a request that arrived through hono. */
import { randomBytes } from 'node:crypto';
import type { Context, Env } from 'hono';
import { bodyOf, type RequestBody } from './request';

/** A request as it arrived, with nothing decoded. */
export interface Incoming {
  readonly method: string;
  /** Percent-encoded, with a leading slash. */
  readonly path: string;
  /** Percent-encoded, without the question mark. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Record<string, string>;
  readonly body: RequestBody;
  readonly transactionId: string;
}

/** The id of a request: the caller's `X-Request-ID`, else a random one. */
function transactionId(header: string | undefined): string {
  // OpenWhisk keeps `sid_...` for itself.
  if (header !== undefined && /^[\x21-\x7e]{1,256}$/.test(header) && !header.startsWith('sid_')) return header;
  return randomBytes(16).toString('hex');
}

/** Reads a hono context; the server's own id of the request, if it has given one, is passed in `id`. */
export function incoming<E extends Env>(c: Context<E>, id: string | undefined): Incoming {
  const { url } = c.req;
  const start = url.indexOf('/', url.indexOf('://') + 3);
  const question = url.indexOf('?', start);
  const headers = c.req.header();
  return {
    method: c.req.method.toUpperCase(),
    path: question < 0 ? url.slice(start) : url.slice(start, question),
    query: question < 0 ? '' : url.slice(question + 1),
    headers,
    body: bodyOf(c.req.raw, c.env),
    transactionId: id ?? transactionId(headers['x-request-id']),
  };
}
