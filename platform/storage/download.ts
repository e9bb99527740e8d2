/** Content of objects, whole or in part, with the headers that Google's answers have. */
import type { FileHandle } from 'node:fs/promises';
import type http from 'node:http';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { HEADERS } from './attributes';
import { sendPieces } from './content';
import type { Objects } from './objects';
import { type Patience, watchPace } from './pace';
import { readPreconditions, requireLive } from './preconditions';
import { readRange } from './range';
import type { ObjectPath } from './requests';
import { etagOf, type Stored } from './resource';

/** Bytes of custom metadata among the headers: Node.js as a client takes 16 KiB of headers in all. */
const CUSTOM_HEADERS = 10 * 1024;

/** What a download goes through. */
export interface DownloadWay {
  readonly objects: Objects;
  readonly patience: Patience;
}

/** Sends an object's content. @throws GoogleError 304, 400, 404, 412, 503 */
export async function download(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  object: ObjectPath,
  query: URLSearchParams,
  { objects, patience }: DownloadWay,
): Promise<void> {
  const conditions = readPreconditions(query, request.headers);
  // Locked until the file is open: it stays this generation's, whatever is written.
  const { stored, file } = await objects.locked(object, async () => {
    const live = requireLive(conditions, await objects.look(object), object, true);
    return { stored: live, file: await objects.open(object) };
  });
  try {
    await sendContent(request, response, stored, file, patience);
  } finally {
    await file.close();
  }
}

async function sendContent(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  stored: Stored,
  file: FileHandle,
  patience: Patience,
): Promise<void> {
  const { contentEncoding, cacheControl = '' } = stored.attributes.fields;
  const { 'accept-encoding': accepted = '' } = request.headers;
  const unpacks = contentEncoding === 'gzip' && !/\bgzip\b/.test(accepted) && !cacheControl.includes('no-transform');
  const whole = { start: 0, size: stored.size };
  const asked = unpacks ? undefined : readRange(request.headers.range, stored.size);
  const { start, size } = asked === null ? { start: 0, size: 0 } : (asked ?? whole);
  const headers = {
    ...headersOf(stored, unpacks),
    ...(asked && { 'content-range': `bytes ${start}-${start + size - 1}/${stored.size}` }),
    ...(!unpacks && { 'content-length': size }),
    ...(asked === null && {
      'content-type': 'application/xml; charset=UTF-8',
      'content-range': `bytes */${stored.size}`,
    }),
  };
  response.writeHead(asked === null ? 416 : asked ? 206 : 200, headers);
  const { socket } = request;
  const stopWatching = watchPace(
    patience,
    () => socket.bytesWritten,
    () => socket.destroy(),
  );
  response.once('close', stopWatching);
  if (request.method === 'HEAD') return void response.end();
  const gunzip = unpacks ? createGunzip() : undefined;
  if (gunzip) pipeline(gunzip, response, () => undefined);
  const sink = gunzip ?? response;
  try {
    await sendPieces([{ file, start, size }], sink);
    sink.end();
  } catch {
    // Status and size are said already; what is missing says the rest.
    response.destroy();
  }
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
