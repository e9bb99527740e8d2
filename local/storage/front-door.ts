/**
 * The address of the storage emulator: takes requests and gives fake-gcs-server those that it does well, in a form that it
 * keeps well. While that is being restarted, requests wait; those that it died in the middle of are sent again if they change
 * nothing, and else answered with 503.
 */
import http from 'node:http';
import { pipeline } from 'node:stream';
import { checkBucket, METADATA_LIMIT, nameInMetadata, translateAnswer, translateCompose } from './bodies';
import type { Place } from './command';
import { answerError, GoogleError } from './google-error';
import { encodeName, ObjectNameError } from './object-names';
import { type Disk, Refusals } from './refused';
import { type Translated, translate } from './requests';
import { type Answer, Upstream } from './upstream';
import { admit } from './web-pages';
import { mayWrite, tellOfWrite, type WriteListener } from './written';

/** A front door that is open. */
export interface FrontDoor {
  /** `http://HOST:PORT`. */
  readonly endpoint: string;
  close(): Promise<void>;
}

/** Where it is. */
export interface Address {
  readonly host: string;
  /** 0 for any. */
  readonly port: number;
  /** Whether one at this address may connect; others are cut off at once. */
  readonly clients?: (address: string) => boolean;
  /** Origin of the one web page that may come in, by signed URLs. */
  readonly page?: string;
}

/** Where requests go, what refusals there mean, and who hears of what was written. */
interface Inside {
  readonly upstream: Upstream;
  readonly refusals: Refusals;
  readonly listener: WriteListener | undefined;
}

/** What takes a body; that of any other request is read and dropped, as it means nothing (RFC 9110, section 9.3.1). */
const WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);

/**
 * Opens it.
 * @param place where fake-gcs-server listens, once it does; undefined when that takes too long
 * @param disk where that keeps its objects
 * @param listener hears of every object that is written
 * @throws Error in clear words when the port is taken
 */
export async function openFrontDoor(
  { host, port: listenPort, clients, page }: Address,
  place: () => Promise<Place | undefined>,
  disk: Disk,
  listener?: WriteListener,
): Promise<FrontDoor> {
  const upstream = new Upstream(place);
  const inside: Inside = { upstream, refusals: new Refusals(disk), listener };
  const server = http.createServer((request, response) => {
    const served = async () => {
      const { headers, preflight } = admit(request, host, page);
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      if (preflight) response.writeHead(204).end();
      else await serve(request, response, inside);
    };
    served().catch((error: unknown) => answerError(request, response, error));
  });
  if (clients !== undefined) {
    server.on('connection', (socket) => {
      if (!clients(socket.remoteAddress ?? '')) socket.destroy();
    });
  }
  // An upload may take as long as it takes.
  server.requestTimeout = 0;
  await listen(server, host, listenPort);
  const address = server.address();
  const actual = typeof address === 'object' && address !== null ? address.port : listenPort;
  return {
    endpoint: `http://${host.includes(':') ? `[${host}]` : host}:${actual}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        upstream.close();
      }),
  };
}

function listen(server: http.Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = `Port ${port} of ${host}, for the storage emulator, is taken by another program. End that one, or choose another port.`;
      reject(error.code === 'EADDRINUSE' ? new Error(taken) : error);
    });
    server.listen(port, host, resolve);
  });
}

async function serve(request: http.IncomingMessage, response: http.ServerResponse, inside: Inside): Promise<void> {
  const method = request.method ?? 'GET';
  const translated = translate(method, request.url ?? '/');
  const hasBody = WITH_BODY.has(method);
  if (!hasBody) request.resume();
  const { head, replaced } = hasBody ? await takeBody(request, translated) : NO_BODY;
  const forwarded = {
    method,
    path: `${translated.path}${translated.query.size === 0 ? '' : `?${translated.query}`}`,
    headers: upstreamHeaders(request, translated, replaced),
  };
  const listener = mayWrite(method, translated) ? inside.listener : undefined;
  try {
    const answer = await inside.upstream.ask(forwarded, (outgoing) => {
      // A write that has come whole goes on without its client: what it writes has to be told of.
      response.once('close', () => {
        if (listener === undefined || !request.complete) outgoing.destroy();
      });
      if (head.length > 0) outgoing.write(head);
      if (!hasBody || request.readableEnded) outgoing.end();
      // No pipeline: that would cut the client off, which is to have an answer, when the server dies.
      else request.pipe(outgoing).once('error', () => request.unpipe(outgoing).resume());
    });
    await passBack(answer, response, translated, method, { ...inside, listener });
  } catch (error) {
    // It may have been written all the same.
    listener?.uncertain();
    throw error;
  }
}

interface Body {
  /** What had to be read of it. */
  readonly head: Buffer;
  /** Whether its length is not what the request says. */
  readonly replaced: boolean;
}

const NO_BODY: Body = { head: Buffer.alloc(0), replaced: true };

/** Reads of a body what has to be looked at before it goes on. */
async function takeBody(request: http.IncomingMessage, translated: Translated): Promise<Body> {
  if (translated.body === 'content') return { head: Buffer.alloc(0), replaced: false };
  if (translated.body === 'bucket') return { head: checkBucket(await readAll(request)), replaced: true };
  if (translated.body === 'compose') return { head: translateCompose(await readAll(request)), replaced: true };
  const contentType = request.headers['content-type'] ?? '';
  let head: Buffer = Buffer.alloc(0);
  let name: string | undefined;
  if (/^multipart\//i.test(contentType)) {
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      head = Buffer.concat([head, chunk]);
      name = nameInMetadata(contentType, head);
      if (name !== undefined || head.length > METADATA_LIMIT) break;
    }
  } else {
    head = await readAll(request);
    name = nameInMetadata(contentType, head);
  }
  if (name === undefined) throw new ObjectNameError('The multipart body has no metadata in its first part.');
  // fake-gcs-server takes a name in the query before one in the metadata.
  translated.query.set('name', encodeName(name));
  return { head, replaced: false };
}

async function readAll(request: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Not destroyed when it is too long: it still gets its answer.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > METADATA_LIMIT) throw new GoogleError(413, `The metadata is larger than ${METADATA_LIMIT} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'expect', 'te', 'trailer']);

function upstreamHeaders(
  request: http.IncomingMessage,
  translated: Translated,
  replaced: boolean,
): http.OutgoingHttpHeaders {
  const headers: http.OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (HOP_BY_HOP.has(name) || name.startsWith('x-forwarded-')) continue;
    headers[name] = value;
  }
  if (translated.json) headers['accept-encoding'] = 'identity';
  if (replaced) delete headers['content-length'];
  return headers;
}

/** What a header may hold (https://www.rfc-editor.org/rfc/rfc9110#section-5.5). */
function isHeaderValue(value: string | readonly string[] | undefined): boolean {
  return !/[^\t\x20-\x7e\x80-\xff]/.test(String(value));
}

async function passBack(
  { message, beginning }: Answer,
  response: http.ServerResponse,
  translated: Translated,
  method: string,
  { refusals, listener }: Pick<Inside, 'refusals' | 'listener'>,
): Promise<void> {
  const status = message.statusCode ?? 502;
  const headers = Object.fromEntries(
    Object.entries(message.headers).filter(
      ([name, value]) => !/^(connection|keep-alive|access-control-)/.test(name) && isHeaderValue(value),
    ),
  );
  const isJson = translated.json && /^application\/json/.test(message.headers['content-type'] ?? '');
  const refused = refusals.concerns(method, status);
  if ((!isJson && !refused) || method === 'HEAD') {
    if (listener) tellOfWrite(listener, translated.path, status, beginning);
    response.writeHead(status, headers);
    response.write(beginning);
    if (message.readableEnded) response.end();
    else pipeline(message, response, () => undefined);
    return;
  }
  const chunks = [beginning];
  if (!message.readableEnded) for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  const whole = Buffer.concat(chunks);
  if (refused) refusals.check(status, whole);
  const body = isJson ? translateAnswer(whole, translated.prefix) : whole;
  if (listener) tellOfWrite(listener, translated.path, status, body);
  const { 'transfer-encoding': _, ...others } = headers;
  response.writeHead(status, { ...others, 'content-length': body.length });
  response.end(body);
}
