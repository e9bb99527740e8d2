/** What a client may say of an object beside its content (https://cloud.google.com/storage/docs/metadata#editable). */
import type http from 'node:http';
import type { Json, JsonObject } from '../../ground/json';
import { GoogleError } from './google-error';

/** Fields of an object's resource that are text, and custom metadata. */
export interface Attributes {
  readonly fields: Readonly<Partial<Record<Field, string>>>;
  readonly metadata: Readonly<Record<string, string>>;
}

export const NO_ATTRIBUTES: Attributes = { fields: {}, metadata: {} };

const FIELDS = [
  'cacheControl',
  'contentDisposition',
  'contentEncoding',
  'contentLanguage',
  'contentType',
  'customTime',
  'storageClass',
] as const;
type Field = (typeof FIELDS)[number];

/** The fields that are headers of requests and answers that carry content. */
export const HEADERS: Readonly<Partial<Record<Field, string>>> = {
  cacheControl: 'cache-control',
  contentDisposition: 'content-disposition',
  contentEncoding: 'content-encoding',
  contentLanguage: 'content-language',
  contentType: 'content-type',
};

/** Bytes that the names and values of custom metadata may have in all (https://cloud.google.com/storage/quotas#objects). */
const METADATA_LIMIT = 8 * 1024;
/** Bytes of any other field. */
const FIELD_LIMIT = 1024;

/**
 * The attributes of a resource in a request: of one that is stored without any, or changed from what it has.
 * @param before what a PATCH changes: what it does not name stays, what is null goes
 * @throws GoogleError 400 for values of another kind, and for more than Cloud Storage keeps
 */
export function readAttributes(body: JsonObject, before: Attributes = NO_ATTRIBUTES): Attributes {
  const fields: Partial<Record<Field, string>> = { ...before.fields };
  for (const field of FIELDS) {
    const value = body[field];
    if (value === undefined) continue;
    if (value === null) delete fields[field];
    else fields[field] = readField(field, value);
  }
  return { fields, metadata: readMetadata(body.metadata, before.metadata) };
}

function readField(field: Field, value: Json): string {
  if (typeof value !== 'string') throw new GoogleError(400, `Invalid value for ${field}: it must be text.`);
  if (Buffer.byteLength(value) > FIELD_LIMIT || /[\0\r\n]/.test(value))
    throw new GoogleError(400, `Invalid value for ${field}: it must be one line of at most ${FIELD_LIMIT} bytes.`);
  if (field === 'customTime' && Number.isNaN(Date.parse(value)))
    throw new GoogleError(400, `Invalid value for customTime: ${JSON.stringify(value)}. It must be an RFC 3339 time.`);
  return value;
}

function readMetadata(value: Json | undefined, before: Attributes['metadata']): Attributes['metadata'] {
  if (value === undefined) return before;
  if (value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value))
    throw new GoogleError(400, 'Invalid value for metadata: it must be an object whose values are text.');
  const metadata = new Map(Object.entries(before));
  for (const [key, text] of Object.entries(value)) {
    if (text === null) metadata.delete(key);
    else if (typeof text === 'object')
      throw new GoogleError(400, `Invalid value for metadata.${key}: it must be text.`);
    else metadata.set(key, String(text));
  }
  let size = 0;
  for (const [key, text] of metadata) size += Buffer.byteLength(key) + Buffer.byteLength(text);
  if (size > METADATA_LIMIT) {
    throw new GoogleError(
      400,
      `The custom metadata has ${size} bytes. Cloud Storage keeps at most ${METADATA_LIMIT} for an object, names and values together.`,
    );
  }
  return Object.fromEntries(metadata);
}

/** The attributes in the headers of a request that has an object's content for its body. @throws GoogleError 400 */
export function readAttributesInHeaders(headers: http.IncomingHttpHeaders): Attributes {
  const body: JsonObject = {};
  for (const [field, header] of Object.entries(HEADERS)) {
    const value = headers[header];
    if (typeof value === 'string') body[field] = value;
  }
  const metadata: JsonObject = {};
  for (const [header, value] of Object.entries(headers)) {
    const [, key] = /^x-goog-meta-(.+)$/.exec(header) ?? [];
    // Headers come as if they were Latin-1.
    if (key !== undefined) metadata[key] = Buffer.from(String(value), 'latin1').toString('utf8');
  }
  return readAttributes({ ...body, metadata });
}
