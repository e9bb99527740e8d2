/** Passes a request on as it comes, and its answer back as it comes: no more of either is held than a few buffers. */
import { once } from 'node:events';
import { type IncomingMessage, request as startRequest } from 'node:http';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** The body has more bytes than it may. */
export class TooLarge extends Error {}

/** Where a request goes, and within which bounds. */
export interface Forwarding {
  readonly url: string;
  /** Bytes of a body. */
  readonly largest: number;
  /** Ends both, wherever they are. */
  readonly signal: AbortSignal;
  /** Called once, when the answer has been read to its end or there is none. */
  over(): void;
}

/** RFC 9110, 7.6.1: of this connection alone. */
const HOP_BY_HOP = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'];

/**
 * Resolves when the answer begins.
 * @throws TooLarge; Error when there is no answer, or the signal came first
 */
export async function forward(request: Request, to: Forwarding): Promise<Response> {
  const { signal } = to;
  const { method } = request;
  const outgoing = startRequest(to.url, { method, headers: headersOf(request), signal, agent: false });
  outgoing.once('close', to.over);
  const answered = once(outgoing, 'response');
  const sent = send(request, outgoing, to.largest);
  // Only what keeps the answer from coming matters; an instance may answer before it has read all.
  const failed = sent.then(() => new Promise<never>(() => {}));
  try {
    const [answer] = (await Promise.race([answered, failed])) as [IncomingMessage];
    return responseOf(answer, method);
  } catch (error) {
    outgoing.destroy();
    answered.catch(() => {});
    throw error;
  } finally {
    sent.catch(() => {});
    outgoing.on('error', () => {});
  }
}

function headersOf(request: Request): Record<string, string> {
  const all = [...request.headers].filter(([name]) => !HOP_BY_HOP.includes(name));
  return Object.fromEntries(all);
}

async function send(request: Request, outgoing: NodeJS.WritableStream, largest: number): Promise<void> {
  if (request.body === null) {
    outgoing.end();
    return;
  }
  let size = 0;
  const bound = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > largest) done(new TooLarge());
      else done(null, chunk);
    },
  });
  await pipeline(Readable.fromWeb(request.body as import('node:stream/web').ReadableStream), bound, outgoing);
}

function responseOf(answer: IncomingMessage, method: string): Response {
  const headers = new Headers();
  for (let at = 0; at < answer.rawHeaders.length; at += 2) {
    const [name = '', value = ''] = answer.rawHeaders.slice(at, at + 2);
    if (!HOP_BY_HOP.includes(name.toLowerCase())) headers.append(name, value);
  }
  const status = answer.statusCode ?? 502;
  // For an answer without a body no media type is made up.
  if (method === 'HEAD' || [204, 205, 304].includes(status) || headers.get('content-length') === '0') {
    answer.resume();
    return new Response(null, { status, headers });
  }
  return new Response(Readable.toWeb(answer) as ReadableStream, { status, headers });
}
