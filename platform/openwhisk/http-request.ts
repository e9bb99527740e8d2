/** What all routes of the server share of a request: its id, its path and query, and the headers that browsers may send. */
import { randomUUID } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import type { Hono } from 'hono';

/** What middleware leaves for the handlers of a request. */
export interface ServerEnv {
  // Node's own request: reading it costs half of what the web stream around it does.
  Bindings: HttpBindings;
  Variables: { transactionId: string };
}

/** `Access-Control-Allow-Headers` of all answers, unless a caller asks for others. */
export const ALLOWED_HEADERS = 'Authorization, Origin, X-Requested-With, Content-Type, Accept, User-Agent';

/** The caller's `X-Request-ID` when it is a plain one, else a new id. OpenWhisk keeps `sid_...` for itself. */
function transactionIdOf(header: string | undefined): string {
  if (header !== undefined && /^[\x21-\x7e]{1,256}$/.test(header) && !header.startsWith('sid_')) return header;
  return randomUUID().replaceAll('-', '');
}

/** Gives every request its id, which every answer carries as `X-Request-ID`. To be mounted before everything else. */
export function mountRequestIds(app: Hono<ServerEnv>): void {
  app.use((c, next) => {
    // Node.js's own request and answer: headers as objects of the Fetch API take some percent of a trivial call.
    const { incoming, outgoing } = c.env;
    const transactionId = transactionIdOf(incoming.headers['x-request-id']?.toString());
    c.set('transactionId', transactionId);
    outgoing.setHeader('X-Request-ID', transactionId);
    return next();
  });
}

/** Path and query (without the question mark) of a URL, both percent-encoded as they came. */
export function splitUrl(url: string): { path: string; query: string } {
  const start = url.indexOf('/', url.indexOf('://') + 3);
  const question = url.indexOf('?', start);
  if (question < 0) return { path: url.slice(start), query: '' };
  return { path: url.slice(start, question), query: url.slice(question + 1) };
}
