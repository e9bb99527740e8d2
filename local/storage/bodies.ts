/** The names in bodies: found in those of uploads, replaced in those of compose requests, put back in answers. */
import type { Json, JsonObject } from '../json';
import { decodeName, decodePrefix, encodeName, ObjectNameError, requireBucket } from './object-names';

/** How much of a body is looked at for metadata, in bytes. */
export const METADATA_LIMIT = 1024 * 1024;

const UTF_8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The object's name in the metadata of an upload.
 * @param head the body's beginning: all of a JSON body, or enough of a `multipart/related` one (RFC 2387)
 * @returns undefined when the first part has not come to its end in `head`
 * @throws ObjectNameError when there is no name
 */
export function nameInMetadata(contentType: string, head: Buffer): string | undefined {
  const metadata = /^multipart\//i.test(contentType) ? firstPart(contentType, head) : head;
  if (metadata === undefined) return undefined;
  const { name } = parseObject(metadata);
  if (typeof name !== 'string')
    throw new ObjectNameError('Required: the name of an object, in the query or in its metadata.');
  return name;
}

function firstPart(contentType: string, head: Buffer): Buffer | undefined {
  const boundary = /boundary=(?:"([^"]+)"|'([^']+)'|([^;\s]+))/i.exec(contentType);
  const name = boundary?.[1] ?? boundary?.[2] ?? boundary?.[3];
  if (name === undefined) throw new ObjectNameError('The multipart body has no boundary.');
  const start = head.indexOf(`--${name}`);
  const end = head.indexOf(`\n--${name}`, start + 1);
  if (start < 0 || end < 0) return undefined;
  const part = head.subarray(start, end);
  const gap = /\r?\n\r?\n/.exec(part.toString('latin1'));
  return gap === null ? Buffer.from('{}') : part.subarray(gap.index + gap[0].length);
}

/** The body of a request for a new bucket, once its name is found good. */
export function checkBucket(body: Buffer): Buffer {
  const { name } = parseObject(body);
  requireBucket(typeof name === 'string' ? name : '');
  return body;
}

/** The body of a compose request, with the names replaced. */
export function translateCompose(body: Buffer): Buffer {
  const { destination, sourceObjects, ...rest } = parseObject(body);
  const sources = Array.isArray(sourceObjects) ? sourceObjects.map((source) => renamed(source, encodeName)) : [];
  const target = destination === undefined ? {} : { destination: renamed(destination, encodeName) };
  return Buffer.from(JSON.stringify({ ...rest, ...target, sourceObjects: sources }));
}

/** An answer with the names that clients know: an object, a listing, or the end of a copy. */
export function translateAnswer(body: Buffer, prefix: string | undefined): Buffer {
  let value: Json;
  try {
    value = JSON.parse(body.toString('utf8')) as Json;
  } catch {
    return body;
  }
  return Buffer.from(JSON.stringify(answer(value, prefix ?? '')));
}

function answer(value: Json, prefix: string): Json {
  if (!isObject(value)) return value;
  if (value.kind === 'storage#object') return object(value);
  if (value.kind === 'storage#rewriteResponse') return { ...value, resource: answer(value.resource ?? null, '') };
  if (value.kind !== 'storage#objects') return value;
  const items = list(value.items).map((item) => answer(item, ''));
  const prefixes = list(value.prefixes).flatMap((item) => (typeof item === 'string' ? [decodePrefix(item)] : []));
  const wanted = items.filter((item) => String(isObject(item) ? item.name : '').startsWith(prefix));
  return {
    ...value,
    ...(value.items === undefined ? {} : { items: wanted.sort(byName) }),
    ...(value.prefixes === undefined
      ? {}
      : { prefixes: prefixes.filter((item) => item.startsWith(prefix)).sort(byBytes) }),
  };
}

function object(value: JsonObject): Json {
  const encoded = String(value.name);
  const name = decodeName(encoded);
  const decoded: JsonObject = { ...value, name };
  if (typeof value.id === 'string') decoded.id = value.id.replace(encoded, () => name);
  for (const key of ['selfLink', 'mediaLink']) {
    const link = value[key];
    if (typeof link === 'string') decoded[key] = link.replace(/\/o\/[^?]*/, () => `/o/${encodeURIComponent(name)}`);
  }
  if (Array.isArray(value.acl)) {
    decoded.acl = value.acl.map((rule) =>
      isObject(rule) && rule.object === encoded ? { ...rule, object: name } : rule,
    );
  }
  return decoded;
}

function renamed(value: Json, rename: (name: string) => string): Json {
  return isObject(value) && typeof value.name === 'string' ? { ...value, name: rename(value.name) } : value;
}

function parseObject(body: Buffer): JsonObject {
  try {
    const value = JSON.parse(body.length === 0 ? '{}' : UTF_8.decode(body)) as Json;
    if (isObject(value)) return value;
  } catch {
    // Said below.
  }
  throw new ObjectNameError('The metadata is not a JSON object in UTF-8.');
}

function list(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function byName(a: Json, b: Json): number {
  return byBytes(isObject(a) ? String(a.name) : '', isObject(b) ? String(b.name) : '');
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
