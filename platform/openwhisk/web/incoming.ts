/** What the routes of web actions and of the gateway need of a request that arrived through hono. */
import type { Context } from 'hono';
import { type ServerEnv, splitUrl } from '../http-request';
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

/** Reads a hono context. */
export function readIncoming(c: Context<ServerEnv>): Incoming {
  return {
    method: c.req.method.toUpperCase(),
    ...splitUrl(c.req.url),
    headers: c.req.header(),
    body: bodyOf(c.req.raw, c.env),
    transactionId: c.get('transactionId'),
  };
}
