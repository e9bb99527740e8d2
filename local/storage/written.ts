/** Which requests write an object, and what their answers say of it: for whoever wants to know of new files. */
import type { Json, JsonObject } from '../json';
import { decodeName } from './object-names';
import type { Translated } from './requests';

/** Hears of every object that is written through the front door. Calls must not throw, and are not waited for. */
export interface WriteListener {
  /**
   * A bucket has a new object, or an old one's new generation.
   * @param metadata the object's resource (https://cloud.google.com/storage/docs/json_api/v1/objects), if the answer had it
   */
  written(bucket: string, name: string, metadata?: JsonObject): void;
  /** A write was cut off before its answer: what became of it, only a look into the buckets can tell. */
  uncertain(): void;
}

const UPLOAD = /^\/upload\/(?:storage\/v1\/b\/[^/]+\/o|resumable\/[^/]+)$/;
const INSERT = /^\/storage\/v1\/b\/[^/]+\/o$/;
const MADE_OF_OTHERS = /^\/storage\/v1\/b\/[^/]+\/o\/[^/]+\/(?:compose|(?:copyTo|rewriteTo)\/b\/[^/]+\/o\/[^/]+)$/;
const DIRECT = /^\/(?!storage\/|upload\/|download\/|batch\/|_internal\/)([^/]+)\/([^/]+)$/;

/**
 * Whether a request may give a bucket an object.
 * @param path and query as fake-gcs-server gets them
 */
export function mayWrite(method: string, { path, query }: Pick<Translated, 'path' | 'query'>): boolean {
  // Only the beginning of a resumable upload, which says what will come.
  if (query.get('uploadType') === 'resumable' && !query.has('upload_id')) return false;
  if (method === 'PUT' && DIRECT.test(path)) return true;
  if (UPLOAD.test(path)) return method === 'POST' || method === 'PUT';
  return method === 'POST' && (INSERT.test(path) || MADE_OF_OTHERS.test(path));
}

/** The object that was put by its address alone, the way of the XML API, whose answers do not describe it. */
function putDirectly(path: string): { readonly bucket: string; readonly name: string } | undefined {
  const [, bucket, name] = DIRECT.exec(path) ?? [];
  if (bucket === undefined || name === undefined) return undefined;
  return { bucket: decodeURIComponent(bucket), name: decodeName(decodeURIComponent(name)) };
}

/** The object in the answer to a write, with the name that clients know; undefined when the write goes on. */
function objectIn(answer: Buffer): JsonObject | undefined {
  let value: Json;
  try {
    value = JSON.parse(answer.toString('utf8')) as Json;
  } catch {
    return undefined;
  }
  if (!isObject(value)) return undefined;
  const found = value.kind === 'storage#rewriteResponse' ? value.resource : value;
  return isObject(found) && found.kind === 'storage#object' ? found : undefined;
}

/**
 * Tells a listener of a write that was answered.
 * @param path as fake-gcs-server got it
 * @param body of the answer, with the names that clients know
 */
export function tellOfWrite(listener: WriteListener, path: string, status: number, body: Buffer): void {
  // 308: a piece of a resumable upload has come, and more will.
  if (status < 200 || status > 299) return;
  const direct = putDirectly(path);
  const object = direct === undefined ? objectIn(body) : undefined;
  if (direct) listener.written(direct.bucket, direct.name);
  if (object) listener.written(String(object.bucket), String(object.name), object);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
