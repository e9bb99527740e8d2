/** Content of objects, whole or in part, with the headers that Google's answers have. */
import type http from 'node:http';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { HEADERS } from './attributes';
import { encodeName } from './object-names';
import type { Objects } from './objects';
import { type Patience, watchPace } from './pace';
import { readPreconditions, requireLive } from './preconditions';
import type { ObjectPath } from './requests';
import { etagOf, type Stored } from './resource';
import type { Upstream } from './upstream';

/** Bytes of custom metadata among the headers: Node.js as a client takes 16 KiB of headers in all. */
const CUSTOM_HEADERS = 10 * 1024;

/** What a download goes through. */
export interface DownloadWay {
  readonly objects: Objects;
  readonly upstream: Upstream;
  readonly patience: Patience;
}

/** Sends an object's content. @throws GoogleError 304, 400, 404, 412, 503 */
export async function download(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  object: ObjectPath,
  query: URLSearchParams,
  { objects, upstream, patience }: DownloadWay,
): Promise<void> {
  const method = request.method ?? 'GET';
  const conditions = readPreconditions(query, request.headers);
  const { range, 'accept-encoding': accepted = '' } = request.headers;
  // Locked until the content has begun: from then on it is this generation's, whatever is written.
  const { stored, answer, unpacks } = await objects.locked(object, async () => {
    const live = requireLive(conditions, await objects.look(object), object, true);
    const { contentEncoding, cacheControl = '' } = live.attributes.fields;
    const packed = contentEncoding === 'gzip' && !/\bgzip\b/.test(accepted) && !cacheControl.includes('no-transform');
    const path = `/download/storage/v1/b/${object.bucket}/o/${encodeURIComponent(encodeName(object.name))}?alt=media`;
    const headers = range === undefined || packed ? {} : { range };
    return { stored: live, answer: await upstream.ask({ method, path, headers }, (out) => out.end()), unpacks: packed };
  });
  const { message, beginning } = answer;
  const { 'content-length': length, 'content-range': part } = message.headers;
  const status = message.statusCode ?? 502;
  const headers = {
    ...headersOf(stored, unpacks),
    ...(part !== undefined && { 'content-range': part }),
    ...(length !== undefined && !unpacks && { 'content-length': length }),
    ...(status === 416 && {
      'content-type': 'application/xml; charset=UTF-8',
      'content-range': `bytes */${stored.size}`,
    }),
  };
  response.writeHead(status, headers);
  const { socket } = request;
  const stopWatching = watchPace(
    patience,
    () => socket.bytesWritten,
    () => socket.destroy(),
  );
  response.once('close', stopWatching);
  if (method === 'HEAD') return void response.end();
  const ended = () => undefined;
  const gunzip = unpacks ? createGunzip() : undefined;
  const sink = gunzip ?? response;
  if (gunzip) pipeline(gunzip, response, ended);
  sink.write(beginning);
  if (message.readableEnded) sink.end();
  else pipeline(message, sink, ended);
}

/** `x-goog-hash` and so on (https://cloud.google.com/storage/docs/xml-api/reference-headers). */
export function headersOf(stored: Stored, unpacked = false): Record<string, string> {
  const { fields, metadata } = stored.attributes;
  const named = Object.entries(HEADERS).flatMap(([field, header]) => {
    const value = fields[field as keyof typeof HEADERS];
    return value === undefined || (unpacked && field === 'contentEncoding') ? [] : [[header, value] as const];
  });
  let room = CUSTOM_HEADERS;
  const custom = Object.entries(metadata).flatMap(([key, value]) => {
    room -= key.length + value.length + 'x-goog-meta-: \r\n'.length;
    return room < 0 ? [] : [[`x-goog-meta-${key}`, value] as const];
  });
  const all = {
    'accept-ranges': 'bytes',
    etag: `"${etagOf(stored)}"`,
    'last-modified': new Date(stored.updated).toUTCString(),
    'x-goog-generation': stored.generation,
    'x-goog-metageneration': String(stored.metageneration),
    'x-goog-hash': `crc32c=${stored.crc32c},md5=${stored.md5Hash}`,
    'x-goog-storage-class': fields.storageClass ?? 'STANDARD',
    'x-goog-stored-content-encoding': fields.contentEncoding ?? 'identity',
    'x-goog-stored-content-length': String(stored.size),
    ...Object.fromEntries([...named, ...custom]),
  };
  return Object.fromEntries(Object.entries(all).filter(([name, value]) => isHeader(name, value)));
}

/** What a header may hold (https://www.rfc-editor.org/rfc/rfc9110#section-5.5). */
function isHeader(name: string, value: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9a-z-]+$/i.test(name) && !/[^\t\x20-\x7e]/.test(value);
}
