/**
 * Who sends a body that is too large hears so, even while still sending. A server that answers and closes makes the kernel reset the
 * connection when more comes, and many clients then lose the answer (RFC 9112, section 9.6). So the answer goes out at once and
 * whole, but its end waits until the client has sent all it wants to send, within bounds.
 */
import { IncomingMessage } from 'node:http';
import type { Hono } from 'hono';
import type { ServerEnv } from './http-request';

/** Bytes that are read and thrown away: what Cloud Run itself takes. */
const MOST_BYTES = 32 * 1024 * 1024;
/** Milliseconds that this may take. */
const LONGEST_MS = 60_000;
/** Milliseconds without a byte, after which the client is not sending any more. */
const SILENCE_MS = 2_000;

/** Hears clients out that are answered 413. To be mounted before everything that answers so. */
export function mountHearingOut(app: Hono<ServerEnv>): void {
  app.use(async (c, next) => {
    await next();
    // Behind a test there may be no connection.
    const incoming: unknown = (c.env as ServerEnv['Bindings'] | undefined)?.incoming;
    if (c.res.status !== 413 || !(incoming instanceof IncomingMessage) || incoming.complete) return;
    const { status } = c.res;
    const headers = new Headers(c.res.headers);
    const body = new Uint8Array(await c.res.arrayBuffer());
    headers.set('content-length', String(body.byteLength));
    c.res = undefined;
    c.res = new Response(endLater(body, hearOut(incoming)), { status, headers });
  });
}

/** Gives all of `body` at once, and ends when `heard` is. */
function endLater(body: Uint8Array<ArrayBuffer>, heard: Promise<void>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async start(controller) {
      controller.enqueue(body);
      await heard;
      controller.close();
    },
  });
}

/** Reads and forgets what still comes. */
function hearOut(incoming: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    let bytes = 0;
    const end = () => {
      clearTimeout(cut);
      clearTimeout(silence);
      incoming.off('data', count);
      resolve();
    };
    const count = (chunk: Buffer) => {
      silence.refresh();
      bytes += chunk.length;
      if (bytes > MOST_BYTES) end();
    };
    const cut = setTimeout(end, LONGEST_MS).unref();
    const silence = setTimeout(end, SILENCE_MS).unref();
    incoming.on('data', count);
    for (const event of ['end', 'close', 'error'] as const) incoming.once(event, end);
    incoming.resume();
  });
}
