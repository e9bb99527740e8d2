/**
 * The address of the storage emulator: takes requests and gives fake-gcs-server those that it does well, in a form that it
 * keeps well. While that is being restarted, requests wait; those that it died in the middle of are sent again if they change
 * nothing, and else answered with 503.
 */
import http from 'node:http';
import { pipeline } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkBucket, METADATA_LIMIT, nameInMetadata, translateAnswer, translateCompose } from './bodies';
import { answerError, GoogleError } from './google-error';
import { encodeName, ObjectNameError } from './object-names';
import { type Disk, Refusals } from './refused';
import { type Translated, translate } from './requests';
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

/** Where requests go, what its refusals mean, and who hears of what they wrote. */
interface Upstream {
  readonly agent: http.Agent;
  readonly port: () => Promise<number | undefined>;
  readonly refusals: Refusals;
  readonly listener: WriteListener | undefined;
}

/** How often, and after how many milliseconds, a request that changes nothing is sent again when the server dies. */
const ATTEMPTS = 5;
const ATTEMPT_PAUSE = 100;

/**
 * How much of an answer is awaited before any of it goes on, in bytes: one that is cut off before is no answer yet. Google's
 * clients wait without end for the rest of one that was cut off later.
 */
const AWAITED = 1024 * 1024;

/** An answer, and its body's first bytes: all of them, unless there are more than are awaited. */
interface Answer {
  readonly message: http.IncomingMessage;
  readonly beginning: Buffer;
}

/** What takes a body; that of any other request is read and dropped, as it means nothing (RFC 9110, section 9.3.1). */
const WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);

/**
 * Opens it.
 * @param port where fake-gcs-server listens on loopback, once it does; undefined when that takes too long
 * @param disk where that keeps its objects
 * @param listener hears of every object that is written
 * @throws Error in clear words when the port is taken
 */
export async function openFrontDoor(
  { host, port: listenPort, clients, page }: Address,
  port: () => Promise<number | undefined>,
  disk: Disk,
  listener?: WriteListener,
): Promise<FrontDoor> {
  const agent = new http.Agent({ keepAlive: true });
  const upstream: Upstream = { agent, port, refusals: new Refusals(disk), listener };
  const server = http.createServer((request, response) => {
    const served = async () => {
      const { headers, preflight } = admit(request, host, page);
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      if (preflight) response.writeHead(204).end();
      else await serve(request, response, upstream);
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
        agent.destroy();
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

async function serve(request: http.IncomingMessage, response: http.ServerResponse, upstream: Upstream): Promise<void> {
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
  const safe = method === 'GET' || method === 'HEAD';
  const listener = mayWrite(method, translated) ? upstream.listener : undefined;
  try {
    const answer = await forward(upstream, forwarded, safe ? ATTEMPTS : 1, (outgoing) => {
      // A write that has come whole goes on without its client: what it writes has to be told of.
      response.once('close', () => {
        if (listener === undefined || !request.complete) outgoing.destroy();
      });
      if (head.length > 0) outgoing.write(head);
      if (!hasBody || request.readableEnded) outgoing.end();
      else pipeline(request, outgoing, () => undefined);
    });
    await passBack(answer, response, translated, method, { ...upstream, listener });
  } catch (error) {
    // It may have been written all the same.
    listener?.uncertain();
    throw error;
  }
}

/** Sends a request to the server that runs, waiting for one if need be. @throws GoogleError 503 when there is none */
async function forward(
  upstream: Upstream,
  options: http.RequestOptions,
  attempts: number,
  send: (outgoing: http.ClientRequest) => void,
): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await upstream.port();
    if (port === undefined) throw new GoogleError(503, 'The storage emulator is being restarted. Try again.');
    try {
      const message = await new Promise<http.IncomingMessage>((resolve, reject) => {
        const outgoing = http.request({ ...options, agent: upstream.agent, host: '127.0.0.1', port });
        outgoing.once('response', resolve);
        outgoing.on('error', reject);
        send(outgoing);
      });
      return { message, beginning: await readBeginning(message) };
    } catch {
      if (attempt >= attempts) throw new GoogleError(503, 'The storage emulator did not answer. Try again.');
      // It has died a moment ago, and its supervisor is about to notice.
      await sleep(ATTEMPT_PAUSE);
    }
  }
}

async function readBeginning(message: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= AWAITED) break;
  }
  return Buffer.concat(chunks);
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

async function passBack(
  { message, beginning }: Answer,
  response: http.ServerResponse,
  translated: Translated,
  method: string,
  { refusals, listener }: Pick<Upstream, 'refusals' | 'listener'>,
): Promise<void> {
  const status = message.statusCode ?? 502;
  const headers = Object.fromEntries(
    Object.entries(message.headers).filter(([name]) => !/^(connection|keep-alive|access-control-)/.test(name)),
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
