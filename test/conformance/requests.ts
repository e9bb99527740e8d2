/** Sends the request of a step, and reads the answer whole. */
import http from 'node:http';
import type { Json } from '../../ground/json';
import type { RecordedRequest } from './case';
import { fill, fillText, type Variables } from './variables';

/** An answer as it came. */
export interface Answer {
  readonly status: number;
  /** Names in lower case; more than one `set-cookie` is a list. */
  readonly headers: { readonly [name: string]: Json };
  readonly bytes: Buffer;
  /** The parsed body of a JSON answer. */
  readonly body: Json | undefined;
}

export interface Server {
  readonly url: string;
  /** `UUID:KEY`. */
  readonly auth: string;
}

function login(kind: string | undefined, auth: string): string | undefined {
  if (kind === undefined || kind === 'default') return auth;
  if (kind === 'none') return undefined;
  if (kind === 'bad') return `00000000-0000-4000-8000-000000000000:${'x'.repeat(64)}`;
  if (kind === 'wrongkey') return `${auth.slice(0, auth.indexOf(':'))}:${'y'.repeat(64)}`;
  return kind;
}

function bodyOf(request: RecordedRequest, variables: Variables): { bytes: Buffer; type: string } | undefined {
  const json = 'application/json';
  const { body, bodyText, bodyBase64, bodyFill } = request;
  if (body !== undefined) return { bytes: Buffer.from(JSON.stringify(fill(body, variables))), type: json };
  if (bodyText !== undefined) return { bytes: Buffer.from(fillText(bodyText, variables)), type: json };
  if (bodyBase64 !== undefined) return { bytes: Buffer.from(bodyBase64, 'base64'), type: 'application/octet-stream' };
  if (bodyFill === undefined) return undefined;
  const { before = '', fill: filling, count, after = '' } = bodyFill;
  return { bytes: Buffer.from(before + filling.repeat(count) + after), type: json };
}

function headersOf(request: RecordedRequest, server: Server, variables: Variables): Record<string, string> {
  const headers = new Map<string, string>();
  const user = login(request.auth, server.auth);
  if (user !== undefined) headers.set('authorization', `Basic ${Buffer.from(user).toString('base64')}`);
  const body = bodyOf(request, variables);
  if (body) {
    headers.set('content-type', body.type);
    headers.set('content-length', String(body.bytes.length));
  }
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    if (value === null) headers.delete(name.toLowerCase());
    else headers.set(name.toLowerCase(), fillText(value, variables));
  }
  return Object.fromEntries(headers);
}

function parsed(type: string | undefined, bytes: Buffer): Json | undefined {
  if (!type?.includes('json')) return undefined;
  try {
    return JSON.parse(bytes.toString('utf8')) as Json;
  } catch {
    return undefined; // compared as text
  }
}

/** Sends a request on a connection of its own. */
export function send(request: RecordedRequest, server: Server, variables: Variables): Promise<Answer> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const outgoing = http.request(
      {
        hostname,
        port,
        method: request.method,
        path: fillText(request.path, variables),
        headers: headersOf(request, server, variables),
        agent: false,
        timeout: 90_000,
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const bytes = Buffer.concat(chunks);
          const headers = Object.entries(incoming.headers).flatMap(([name, value]): [string, Json][] =>
            value === undefined ? [] : [[name, value]],
          );
          resolve({
            status: incoming.statusCode ?? 0,
            headers: Object.fromEntries(headers),
            bytes,
            body: parsed(incoming.headers['content-type'], bytes),
          });
        });
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer within 90 seconds')));
    outgoing.on('error', reject);
    outgoing.end(bodyOf(request, variables)?.bytes);
  });
}
