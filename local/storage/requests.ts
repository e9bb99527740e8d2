/**
 * Which requests of the Cloud Storage JSON API go to fake-gcs-server, and in what form: every object name in path and query
 * replaced by its path there (object-names.ts). What is not listed here does not get through.
 */
import { encodeName, encodePrefix, requireBucket } from './object-names';

/** A request that does not get through: there is no such thing here. */
export class NoSuchRequestError extends Error {}

/** A request that is not well formed. */
export class BadRequestError extends Error {}

/** What a body has to do with names. */
export type BodyKind =
  /** Nothing: it goes through as it is. */
  | 'content'
  /** The name may be in it, as JSON or in the first part of a `multipart/related` body; the query has none. */
  | 'name in metadata'
  /** A bucket resource as JSON, with the bucket's name. */
  | 'bucket'
  /** A compose request as JSON, with the names of the source objects. */
  | 'compose';

/** A request for fake-gcs-server. */
export interface Translated {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: BodyKind;
  /** Whether the answer is JSON with names in it; false for an object's content. */
  readonly json: boolean;
  /** The prefix that was asked for, in a listing. */
  readonly prefix: string | undefined;
}

const OBJECTS = /^\/storage\/v1\/b\/([^/]+)\/o\/(.+)$/;
const COPY = /^(.+?)\/(copyTo|rewriteTo)\/b\/([^/]+)\/o\/(.+)$/;
const SUFFIX = /^([^/]+)\/(compose|acl(?:\/[^/]+)?)$/;
const DOWNLOAD = /^\/download\/storage\/v1\/b\/([^/]+)\/o\/(.+)$/;
const UPLOAD = /^\/upload\/storage\/v1\/b\/([^/]+)\/o$/;
const BUCKETS = /^\/storage\/v1\/b(?:\/([^/]+)(\/o|\/iam|\/acl|\/defaultObjectAcl|\/notificationConfigs)?)?$/;
const DIRECT = /^\/(?!storage\/|upload\/|download\/|batch\/|_internal\/)([^/]+)\/(.+)$/;

/**
 * Translates a request.
 * @param target path and query as they were sent
 * @throws ObjectNameError for names that cannot be, BadRequestError for a malformed query, NoSuchRequestError for anything
 *   else that is not listed here
 */
export function translate(method: string, target: string): Translated {
  const [rawPath = '', ...rest] = target.split('?');
  const query = parseQuery(rest.join('?'));
  const resumed = query.has('upload_id') && query.get('uploadType') === 'resumable';
  const prefix = query.get('prefix') ?? undefined;
  const hadName = translateQuery(query, resumed);
  const answer = (path: string, body: BodyKind = 'content', json = true): Translated => ({
    path,
    query,
    body,
    json,
    prefix,
  });

  const upload = UPLOAD.exec(rawPath);
  if (upload)
    return answer(`/upload/storage/v1/b/${bucket(upload[1])}/o`, resumed || hadName ? 'content' : 'name in metadata');
  if (/^\/upload\/resumable\/[^/]+$/.test(rawPath)) return answer(rawPath);
  const buckets = BUCKETS.exec(rawPath);
  if (buckets) {
    const [, name, part = ''] = buckets;
    if (name === undefined) return answer('/storage/v1/b', method === 'POST' ? 'bucket' : 'content');
    const body = part === '/o' && method === 'POST' && !hadName && !resumed ? 'name in metadata' : 'content';
    return answer(`/storage/v1/b/${bucket(name)}${part}`, body);
  }
  const download = DOWNLOAD.exec(rawPath);
  if (download)
    return answer(`/download/storage/v1/b/${bucket(download[1])}/o/${object(download[2])}`, 'content', false);
  const objects = OBJECTS.exec(rawPath);
  if (objects)
    return answer(...objectRequest(method, query, `/storage/v1/b/${bucket(objects[1])}/o/`, objects[2] ?? ''));
  const direct = DIRECT.exec(rawPath);
  if (direct && /^(GET|HEAD|PUT)$/.test(method))
    return answer(`/${bucket(direct[1])}/${object(direct[2])}`, 'content', false);
  throw new NoSuchRequestError(`This emulator does not do ${method} ${rawPath}.`);
}

function objectRequest(
  method: string,
  query: URLSearchParams,
  start: string,
  rest: string,
): [string, BodyKind, boolean] {
  const copy = COPY.exec(rest);
  if (copy && method === 'POST') {
    const [, from, verb, to, name] = copy;
    return [`${start}${object(from)}/${verb}/b/${bucket(to)}/o/${object(name)}`, 'content', true];
  }
  const suffix = SUFFIX.exec(rest);
  if (suffix)
    return [`${start}${object(suffix[1])}/${suffix[2]}`, suffix[2] === 'compose' ? 'compose' : 'content', true];
  return [`${start}${object(rest)}`, 'content', query.get('alt') !== 'media'];
}

/** What URLSearchParams and fake-gcs-server would each take for something else is refused. */
function parseQuery(text: string): URLSearchParams {
  for (const piece of text.split('&')) {
    if (!isPercentEncoded(piece)) throw new BadRequestError(`${piece} in the query is not percent-encoded UTF-8.`);
  }
  const query = new URLSearchParams(text);
  const most = query.get('maxResults');
  if (most !== null && !/^\d{1,9}$/.test(most))
    throw new BadRequestError(`Invalid value for maxResults: ${JSON.stringify(most)}. It is a number, 0 or more.`);
  return query;
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

/** Replaces the names in a query. @returns whether it had the name of an object */
function translateQuery(query: URLSearchParams, resumed: boolean): boolean {
  const name = query.get('name');
  // A further piece of an upload goes by its id; its URL, which was ours, repeats the path there.
  if (name === null || name === '' || resumed) query.delete('name');
  else query.set('name', encodeName(name));
  for (const key of ['prefix', 'startOffset', 'endOffset']) {
    const value = query.get(key);
    if (value !== null) query.set(key, encodePrefix(value));
  }
  const glob = query.get('matchGlob');
  if (glob !== null) query.set('matchGlob', `${glob}~`);
  return query.has('name');
}

function bucket(encoded: string | undefined): string {
  const name = decode(encoded);
  requireBucket(name);
  return encodeURIComponent(name);
}

function object(encoded: string | undefined): string {
  return encodeURIComponent(encodeName(decode(encoded)));
}

function decode(text = ''): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new NoSuchRequestError(`${text} is not percent-encoded UTF-8.`);
  }
}
