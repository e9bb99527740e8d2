/**
 * A request to a web action, free of any HTTP library: the routes of `/api/v1/web` and the API gateway both build one.
 * Its body is read once and only up to a limit.
 */
import { Buffer } from 'node:buffer';
import { IncomingMessage } from 'node:http';

/** A body that has not been read yet. */
export interface RequestBody {
  /** By `Content-Length`; undefined when the length is unknown until the end. */
  readonly length: number | undefined;
  /**
   * All bytes, or a `BodyTooLarge` as soon as there are more than `limit`; what follows is never kept.
   * @throws BrokenBody
   */
  read(limit: number): Promise<Buffer | BodyTooLarge>;
}

/** How many bytes there were when reading stopped, or were announced. */
export class BodyTooLarge {
  constructor(
    readonly bytes: number,
    readonly limit: number,
  ) {}
}

/** The connection broke, or the chunks were no chunks, before the body was complete. */
export class BrokenBody extends Error {
  constructor(options: ErrorOptions) {
    super('The request body ended before it was complete.', options);
    this.name = 'BrokenBody';
  }
}

/** The length a `Content-Length` header states; undefined when absent or no number. */
function readStatedLength(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,15}$/.test(header) ? Number(header) : undefined;
}

async function readStream(stream: ReadableStream<Uint8Array>, limit: number): Promise<Buffer | BodyTooLarge> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const reader = stream.getReader();
  try {
    for (let step = await reader.read(); !step.done; step = await reader.read()) {
      bytes += step.value.byteLength;
      if (bytes > limit) return new BodyTooLarge(bytes, limit);
      chunks.push(step.value);
    }
  } catch (cause) {
    throw new BrokenBody({ cause });
  } finally {
    reader.releaseLock();
  }
  return Buffer.concat(chunks, bytes);
}

/** Reads a message until its end or the limit; what follows stays in it. */
function readMessage(incoming: IncomingMessage, limit: number): Promise<Buffer | BodyTooLarge> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  return new Promise((resolve, reject) => {
    const leave = () => {
      incoming.off('data', take).off('end', finish).off('error', fail).off('close', fail);
    };
    const take = (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes <= limit) return;
      leave();
      incoming.pause();
      resolve(new BodyTooLarge(bytes, limit));
    };
    const finish = () => {
      leave();
      resolve(Buffer.concat(chunks, bytes));
    };
    const fail = (cause?: Error) => {
      leave();
      reject(new BrokenBody({ cause: cause ?? incoming.errored }));
    };
    if (incoming.destroyed) fail();
    else incoming.on('data', take).once('end', finish).once('error', fail).once('close', fail);
  });
}

/**
 * The message that a request came in, which `@hono/node-server` passes as `incoming`; undefined behind a test. It is read
 * itself: the web stream around it takes longer, and knows no body of a GET or HEAD; HTTP does, and so does OpenWhisk.
 */
function messageOf(environment: unknown): IncomingMessage | undefined {
  const isNode = typeof environment === 'object' && environment !== null && 'incoming' in environment;
  const incoming = isNode ? environment.incoming : undefined;
  return incoming instanceof IncomingMessage ? incoming : undefined;
}

/**
 * The body of a request.
 * @param environment hono's `c.env`
 */
export function bodyOf(request: Request, environment: unknown): RequestBody {
  const length = readStatedLength(request.headers.get('content-length') ?? undefined);
  return {
    length,
    async read(limit) {
      if (length !== undefined && length > limit) return new BodyTooLarge(length, limit);
      const message = messageOf(environment);
      if (message) return readMessage(message, limit);
      return request.body === null ? Buffer.alloc(0) : readStream(request.body, limit);
    },
  };
}

/** What a caller asked of a web action. */
export interface WebRequest {
  /** Upper case. */
  readonly method: string;
  readonly namespace: string;
  /** Undefined for the default package. */
  readonly packageName: string | undefined;
  /** The action's name with its extension, e.g. `convert.http`. */
  readonly actionSegment: string;
  /** What follows the action in the path, percent-encoded: empty or with a leading slash. */
  readonly path: string;
  /** Without the question mark, percent-encoded. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: RequestBody;
  readonly transactionId: string;
}
