/**
 * A stand-in for Cloud Storage that can also fail: just the calls that v2 makes (JSON API v1: get an object and its content,
 * multipart upload, delete, get a bucket; generations, preconditions) and a token endpoint (RFC 7523). The real emulator is
 * used end to end; it cannot refuse anybody.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An object: its bytes, content type and custom metadata. */
export interface StoredObject {
  readonly bytes: Buffer;
  readonly contentType: string;
  readonly generation: number;
  readonly metadata: Readonly<Record<string, string>>;
}

const TOKEN = 'token-of-the-stand-in';

export class StorageStandIn {
  /** Objects by bucket, then by name. */
  readonly buckets = new Map<string, Map<string, StoredObject>>();
  /** HTTP status that the next calls get, in order; then all goes well. */
  readonly failures: number[] = [];
  /** Whether the token endpoint takes the key. */
  keyIsValid = true;
  /** Calls so far: `GET /...`. */
  readonly calls: string[] = [];
  /** Told of each upload before it is done: what another client does meanwhile. */
  beforeUpload: (name: string) => void = () => undefined;
  private generations = 0;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<StorageStandIn> {
    const server = createServer();
    const standIn = new StorageStandIn(server);
    server.on('request', (request, response) => void standIn.answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return standIn;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  object(bucket: string, name: string): StoredObject | undefined {
    return this.buckets.get(bucket)?.get(name);
  }

  /** Stores an object. @returns its generation */
  put(
    bucket: string,
    name: string,
    bytes: Buffer,
    contentType = 'image/jpeg',
    metadata: Readonly<Record<string, string>> = {},
  ): number {
    const generation = ++this.generations;
    this.buckets.get(bucket)?.set(name, { bytes, contentType, generation, metadata });
    return generation;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '/', this.url);
    this.calls.push(`${request.method} ${url.pathname}`);
    const json = (status: number, value: object) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    };
    const refuse = (status: number, message: string) => json(status, { error: { code: status, message } });

    if (url.pathname === '/token') {
      if (!this.keyIsValid) return json(400, { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' });
      return json(200, { access_token: TOKEN, expires_in: 3600, token_type: 'Bearer' });
    }
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return refuse(401, 'Invalid Credentials');
    const failure = this.failures.shift();
    if (failure !== undefined) return refuse(failure, 'the stand-in was told to fail');

    const [, bucketName = '', object] = /\/b\/([^/]+)(?:\/o(?:\/(.*))?)?$/.exec(url.pathname) ?? [];
    const bucket = this.buckets.get(bucketName);
    if (bucket === undefined) return refuse(404, 'Not Found');
    if (url.pathname.startsWith('/upload/')) {
      const { name, bytes, contentType, metadata } = parseMultipart(
        request.headers['content-type'] ?? '',
        Buffer.concat(chunks),
      );
      this.beforeUpload(name);
      const expected = url.searchParams.get('ifGenerationMatch');
      if (expected !== null && Number(expected) !== (bucket.get(name)?.generation ?? 0)) return refuse(412, 'Changed');
      const generation = this.put(bucketName, name, bytes, contentType, metadata);
      return json(200, { bucket: bucketName, name, generation: `${generation}` });
    }
    if (object === undefined) return json(200, { name: bucketName });
    const name = decodeURIComponent(object);
    const found = bucket.get(name);
    const generation = url.searchParams.get('generation');
    if (found === undefined || (generation !== null && Number(generation) !== found.generation))
      return refuse(404, 'Not Found');
    if (request.method === 'DELETE') {
      bucket.delete(name);
      response.writeHead(204).end();
      return;
    }
    if (url.searchParams.get('alt') !== 'media') {
      const { metadata, bytes } = found;
      return json(200, {
        bucket: bucketName,
        name,
        generation: `${found.generation}`,
        size: `${bytes.length}`,
        metadata,
      });
    }
    response
      .writeHead(200, { 'content-type': found.contentType, 'content-length': found.bytes.length })
      .end(found.bytes);
  }
}

/** The two parts of an upload: JSON that names the object, and its bytes. */
function parseMultipart(contentType: string, body: Buffer): Omit<StoredObject, 'generation'> & { name: string } {
  const boundary = Buffer.from(`--${/boundary="?([^";]+)/.exec(contentType)?.[1]}`);
  const first = body.indexOf('\r\n\r\n') + 4;
  const second = body.indexOf(boundary, first);
  const content = body.indexOf('\r\n\r\n', second) + 4;
  const { name, metadata = {} } = JSON.parse(body.subarray(first, second).toString()) as {
    name: string;
    metadata?: Record<string, string>;
  };
  const [, type = ''] = /content-type: ([^\r\n]+)/i.exec(body.subarray(second, content).toString()) ?? [];
  return { name, metadata, contentType: type, bytes: body.subarray(content, body.lastIndexOf(boundary) - 2) };
}
