/** Requests about buckets and rights, which fake-gcs-server answers itself. */
import type http from 'node:http';
import type { Json } from '../../ground/json';
import type { BucketLabels } from './bucket-labels';
import { GoogleError, noSuchBucket, noSuchObject } from './google-error';
import { parseMetadata } from './multipart';
import { decodeName, isBucket, requireBucket } from './object-names';
import type { Objects } from './objects';
import type { Patience } from './pace';
import type { Refusals } from './refused';
import type { Asked, ObjectPath, What } from './requests';
import { readObject } from './resource';
import { receiveMetadata } from './spool';
import type { Upstream } from './upstream';

/** What such a request goes through. */
export interface BucketWay {
  readonly objects: Objects;
  readonly upstream: Upstream;
  readonly refusals: Refusals;
  readonly labels: BucketLabels;
  readonly patience: Patience;
}

/** An answer in JSON, or without a body. */
export interface Answered {
  readonly status: number;
  readonly body: Json | undefined;
}

/** Asks fake-gcs-server about a bucket. @throws GoogleError, ObjectNameError */
export async function askAboutBucket(
  request: http.IncomingMessage,
  { method, query, what }: Asked & { readonly what: Extract<What, { kind: 'buckets' }> },
  way: BucketWay,
): Promise<Answered> {
  const { path, bucket } = what;
  const body = await receiveBody(request, way);
  const ask = () => forward(method, `${path}${query.size === 0 ? '' : `?${query}`}`, body, way);
  if (bucket === undefined && method === 'POST') {
    const made = parseMetadata(body);
    requireBucket(typeof made.name === 'string' ? made.name : '');
    const answered = await ask();
    if (answered.status === 200) way.labels.keep(made);
    return addLabels(answered, way);
  }
  if (bucket === undefined) return addLabels(hideStaging(await ask()), way);
  way.objects.requireBucket(bucket);
  const isDeletion = method === 'DELETE' && path.endsWith(`/b/${bucket}`);
  if (isDeletion) return { ...(await way.objects.emptied(bucket, ask)), status: 204, body: undefined };
  return addLabels(await ask(), way);
}

/** Asks fake-gcs-server about the rights of an object. @throws GoogleError */
export async function askAboutRights(
  request: http.IncomingMessage,
  method: string,
  path: string,
  object: ObjectPath,
  way: BucketWay,
): Promise<Answered> {
  const body = await receiveBody(request, way);
  return way.objects.locked(object, async () => {
    if ((await way.objects.look(object)) === undefined) throw noSuchObject(object.bucket, object.name);
    const { status, body: told } = await forward(method, path, body, way);
    return { status, body: renameObject(told) };
  });
}

async function receiveBody(request: http.IncomingMessage, { patience }: BucketWay): Promise<Buffer> {
  return /^(POST|PUT|PATCH)$/.test(request.method ?? '') ? receiveMetadata(request, patience) : Buffer.alloc(0);
}

async function forward(method: string, path: string, body: Buffer, way: BucketWay): Promise<Answered> {
  const asked = { method, path, headers: { 'content-type': 'application/json', 'content-length': body.length } };
  const { status, headers, body: text } = await way.upstream.ask(asked, body);
  if (status === 500) way.refusals.check(status, text);
  const isJson = /^application\/json/.test(headers['content-type'] ?? '') && text.length > 0;
  if (status === 404 && !isJson) throw noSuchBucket();
  if (!isJson && status >= 400) throw new GoogleError(status, text.toString('utf8').trim());
  return { status, body: isJson ? (JSON.parse(text.toString('utf8')) as Json) : undefined };
}

function addLabels({ status, body }: Answered, { labels }: BucketWay): Answered {
  return { status, body: body === undefined ? undefined : labels.addTo(body) };
}

/** Without the folder in which objects are made. */
function hideStaging({ status, body }: Answered): Answered {
  const { items, ...rest } = readObject(body);
  if (!Array.isArray(items)) return { status, body };
  return { status, body: { ...rest, items: items.filter((item) => isBucket(String(readObject(item).name))) } };
}

/** With the object's name as clients know it. */
function renameObject(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return value.map((item) => renameObject(item) ?? null);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === 'object' && typeof item === 'string' ? decodeName(item) : (renameObject(item) ?? null),
    ]),
  );
}
