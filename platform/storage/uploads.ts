/**
 * Uploads in one request: content alone (`media`), with metadata (`multipart`), or by a PUT to its address (the XML API).
 * Source: https://cloud.google.com/storage/docs/uploads-downloads#uploads.
 */
import type http from 'node:http';
import { type Attributes, readAttributes, readAttributesInHeaders } from './attributes';
import { readChecksumsInHeaders, readChecksumsInMetadata } from './checksums';
import { GoogleError } from './google-error';
import { readParts } from './multipart';
import { readPreconditions } from './preconditions';
import { type ObjectPath, readNameInQuery, requireNamed } from './requests';
import type { Stored } from './resource';
import type { Spool } from './spool';
import type { Writes } from './writes';

/** What an upload goes through. */
export interface UploadWay {
  readonly spool: Spool;
  readonly writes: Writes;
}

/** Of `uploadType=media`. @throws GoogleError, ObjectNameError */
export function uploadMedia(
  request: http.IncomingMessage,
  bucket: string,
  query: URLSearchParams,
  { spool, writes }: UploadWay,
): Promise<Stored> {
  const object = { bucket, name: requireNamed(readNameInQuery(query)) };
  writes.objects.requireBucket(bucket);
  const wanted = {
    object,
    attributes: addEncoding(readAttributesInHeaders(request.headers), query),
    conditions: readPreconditions(query, request.headers),
    checksums: readChecksumsInHeaders(request.headers, true),
  };
  return spool.with(request, (file, size) => writes.write({ ...wanted, content: [{ file, start: 0, size }] }));
}

/** Of `uploadType=multipart`. @throws GoogleError, ObjectNameError */
export function uploadMultipart(
  request: http.IncomingMessage,
  bucket: string,
  query: URLSearchParams,
  { spool, writes }: UploadWay,
): Promise<Stored> {
  const named = readNameInQuery(query);
  const contentType = request.headers['content-type'] ?? '';
  if (!/^multipart\//i.test(contentType)) throw new GoogleError(400, 'The content type must be multipart/related.');
  writes.objects.requireBucket(bucket);
  const conditions = readPreconditions(query, request.headers);
  const inHeaders = readChecksumsInHeaders(request.headers, false);
  return spool.with(request, async (file, whole) => {
    const { metadata, start, size, contentType: ofPart } = await readParts(contentType, file, whole);
    const object = { bucket, name: named ?? requireNamed(metadata.name) };
    const attributes = readAttributes({ ...(ofPart !== undefined && { contentType: ofPart }), ...metadata });
    return writes.write({
      object,
      content: [{ file, start, size }],
      attributes: addEncoding(attributes, query),
      conditions,
      checksums: { ...inHeaders, ...readChecksumsInMetadata(metadata) },
    });
  });
}

/** Of a PUT to the object's address. @throws GoogleError, ObjectNameError */
export function uploadDirectly(
  request: http.IncomingMessage,
  object: ObjectPath,
  query: URLSearchParams,
  { spool, writes }: UploadWay,
): Promise<Stored> {
  writes.objects.requireBucket(object.bucket);
  if (request.headers['x-goog-copy-source'] !== undefined)
    throw new GoogleError(400, 'This emulator copies through the JSON API only.');
  const { headers } = request;
  const wanted = {
    object,
    attributes: readAttributesInHeaders(headers),
    conditions: readPreconditions(query, headers),
    checksums: readChecksumsInHeaders(headers, true),
  };
  const range = readLengthRange(headers['x-goog-content-length-range']);
  return spool.with(request, (file, size) => {
    if (size < range.least) throw new GoogleError(400, `EntityTooSmall: ${size} bytes; ${range.least} at least.`);
    if (size > range.most) throw new GoogleError(400, `EntityTooLarge: ${size} bytes; ${range.most} at most.`);
    return writes.write({ ...wanted, content: [{ file, start: 0, size }] });
  });
}

/** `x-goog-content-length-range: LEAST,MOST`, in bytes. */
function readLengthRange(header: string | readonly string[] | undefined): { least: number; most: number } {
  if (header === undefined) return { least: 0, most: Number.POSITIVE_INFINITY };
  const [, least, most] = /^\s*(\d{1,15})\s*,\s*(\d{1,15})\s*$/.exec(String(header)) ?? [];
  if (least === undefined || most === undefined)
    throw new GoogleError(400, 'The header x-goog-content-length-range must be LEAST,MOST, in bytes.');
  return { least: Number(least), most: Number(most) };
}

function addEncoding(attributes: Attributes, query: URLSearchParams): Attributes {
  const encoding = query.get('contentEncoding');
  return encoding === null ? attributes : readAttributes({ contentEncoding: encoding }, attributes);
}
