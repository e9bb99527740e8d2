/** What a request of the Cloud Storage APIs asks for. What is not listed here does not get through. */
import { GoogleError } from './google-error';
import { encodeName, ObjectNameError, requireBucket } from './object-names';

/** An object by its address. */
export interface ObjectPath {
  readonly bucket: string;
  readonly name: string;
}

/** A request: what it is about, and its query. */
export interface Asked {
  readonly method: string;
  readonly query: URLSearchParams;
  readonly what: What;
}

export type What =
  /** Of the buckets themselves, or of an object's list of rights: `path` is what fake-gcs-server knows it by. */
  | { readonly kind: 'buckets'; readonly path: string; readonly bucket: string | undefined }
  | { readonly kind: 'rights'; readonly path: string; readonly object: ObjectPath }
  | { readonly kind: 'list'; readonly bucket: string }
  /** An object's resource: to get, delete, or change. */
  | { readonly kind: 'object'; readonly object: ObjectPath }
  | { readonly kind: 'content'; readonly object: ObjectPath }
  | { readonly kind: 'copy'; readonly from: ObjectPath; readonly to: ObjectPath; readonly rewrite: boolean }
  | { readonly kind: 'compose'; readonly object: ObjectPath }
  /** A new object; where the query does not name it, its metadata does. */
  | { readonly kind: 'upload'; readonly bucket: string }
  /** A request to a session of a resumable upload. */
  | { readonly kind: 'session'; readonly id: string };

const BUCKET_PARTS = new Set(['iam', 'acl', 'defaultObjectAcl', 'notificationConfigs']);

/**
 * Reads method, path and query as they were sent.
 * @throws ObjectNameError for names that cannot be, GoogleError 400 for a malformed query, 404 for what is not done here
 */
export function readRequest(method: string, target: string): Asked {
  const [path = '', ...rest] = target.split('?');
  const query = parseQuery(rest.join('?'));
  const what = find(method, path.split('/').slice(1), query);
  if (what === undefined) throw new GoogleError(404, `This emulator does not support ${method} ${path}.`);
  return { method, query, what };
}

/** Slashes within a name are to be encoded in the JSON API, as Google's has it; in the XML API they need not. */
function find(method: string, parts: readonly string[], query: URLSearchParams): What | undefined {
  const [first, second, third] = parts;
  if (first === 'storage' && second === 'v1' && third === 'b') return findJson(method, parts.slice(3), query);
  const inObjects = `${parts.slice(1, 4).join('/')}/${parts[5]}` === 'storage/v1/b/o';
  if (first === 'download' && inObjects && parts.length === 7 && isRead(method))
    return { kind: 'content', object: objectOf(parts[4], parts[6]) };
  if (first === 'upload' && inObjects && parts.length === 6) {
    const session = query.get('upload_id');
    if (session !== null && query.get('uploadType') === 'resumable') return { kind: 'session', id: session };
    return method === 'POST' ? { kind: 'upload', bucket: bucketOf(parts[4]) } : undefined;
  }
  const reserved = ['', 'storage', 'upload', 'download', 'batch', '_internal'];
  if (second === undefined || first === undefined || reserved.includes(first)) return undefined;
  if (parts.length === 2 && second === '') return undefined;
  if (!isRead(method) && method !== 'PUT') return undefined;
  return { kind: 'content', object: objectOf(first, parts.slice(1).join('/')) };
}

function findJson(method: string, parts: readonly string[], query: URLSearchParams): What | undefined {
  const [name, part, object, verb, ...more] = parts;
  if (name === undefined) return { kind: 'buckets', path: '/storage/v1/b', bucket: undefined };
  const bucket = bucketOf(name);
  const path = `/storage/v1/b/${bucket}`;
  if (part === undefined) return { kind: 'buckets', path, bucket };
  if (object === undefined && BUCKET_PARTS.has(part)) return { kind: 'buckets', path: `${path}/${part}`, bucket };
  if (part !== 'o') return undefined;
  if (object === undefined) return isRead(method) ? { kind: 'list', bucket } : undefined;
  const address = objectOf(name, object);
  if (verb === undefined) {
    const isContent = method === 'HEAD' || (method === 'GET' && query.get('alt') === 'media');
    return isContent ? { kind: 'content', object: address } : { kind: 'object', object: address };
  }
  if (verb === 'compose' && more.length === 0 && method === 'POST') return { kind: 'compose', object: address };
  if (verb === 'acl' && more.length < 2) {
    const rights = [path, 'o', encodeURIComponent(encodeName(address.name)), 'acl', ...more].join('/');
    return { kind: 'rights', path: rights, object: address };
  }
  const [b, toBucket, o, toName, ...rest] = more;
  if (!/^(copyTo|rewriteTo)$/.test(verb) || b !== 'b' || o !== 'o' || rest.length > 0 || method !== 'POST')
    return undefined;
  return { kind: 'copy', from: address, to: objectOf(toBucket, toName), rewrite: verb === 'rewriteTo' };
}

function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** What URLSearchParams would take for something else is refused. */
function parseQuery(text: string): URLSearchParams {
  for (const piece of text.split('&')) {
    if (!isPercentEncoded(piece)) throw new GoogleError(400, `${piece} in the query is not percent-encoded UTF-8.`);
  }
  return new URLSearchParams(text);
}

function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
  } catch {
    return false;
  }
  // Bytes that should have been escaped come here as if they were Latin-1.
  return /^[\x20-\x7e]*$/.test(text);
}

function bucketOf(encoded = ''): string {
  const name = decode(encoded);
  requireBucket(name);
  return name;
}

function objectOf(bucket: string | undefined, encoded = ''): ObjectPath {
  const address = { bucket: bucketOf(bucket), name: decode(encoded) };
  // Says what is wrong with the name.
  encodeName(address.name);
  return address;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new GoogleError(404, `${text} is not percent-encoded UTF-8.`);
  }
}

/** The name of a new object in a query; undefined when it has none. @throws ObjectNameError */
export function readNameInQuery(query: URLSearchParams): string | undefined {
  const name = query.get('name');
  if (name === null || name === '') return undefined;
  encodeName(name);
  return name;
}

/** The name in metadata. @throws ObjectNameError when there is none, or one that cannot be */
export function requireNamed(name: unknown): string {
  if (typeof name !== 'string')
    throw new ObjectNameError('Required: the name of an object, in the query or in its metadata.');
  encodeName(name);
  return name;
}
