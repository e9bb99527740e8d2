/**
 * An object's resource as clients know it (https://cloud.google.com/storage/docs/json_api/v1/objects), made of what
 * fake-gcs-server says of it (size and rights) and of a record of all else.
 *
 * fake-gcs-server keeps metadata in an extended attribute of the file, which on ext4 holds some 4 KB. It is given one short
 * entry: the record, or where the record is.
 */
import { isObject, type Json, type JsonObject } from '../../ground/json';
import { type Attributes, readAttributes } from './attributes';
import type { Checksums } from './checksums';
import type { ObjectPath } from './requests';

/** All of an object but its content. */
export interface ObjectRecord {
  readonly generation: string;
  readonly metageneration: number;
  /** RFC 3339. */
  readonly timeCreated: string;
  readonly updated: string;
  readonly attributes: Attributes;
}

/** What is kept of an object beside its content. */
export type KeptRecord = ObjectRecord & Required<Checksums>;

/** An object that is there. */
export interface Stored extends KeptRecord, ObjectPath {
  readonly size: number;
  readonly acl: Json | undefined;
  /** Where the record is when it did not fit beside the content. */
  readonly overflow: string | undefined;
}

/** The one entry of the metadata that fake-gcs-server keeps. */
export const RECORD_KEY = 'pdfmagic';
/** Bytes of an entry, which leave an extended attribute of ext4 room for the rest of it. */
const LONGEST_ENTRY = 2400;

/** The entry for a record; undefined when it is too long for one. */
export function entryOf(record: KeptRecord): string | undefined {
  const entry = Buffer.from(JSON.stringify(record)).toString('base64');
  return entry.length > LONGEST_ENTRY ? undefined : entry;
}

/** The entry that names a file of `overflow.ts`. */
export function entryOfOverflow(id: string): string {
  return `@${id}`;
}

/**
 * The object in fake-gcs-server's own words.
 * @param readOverflow gives the record that is kept apart
 * @throws Error when the record cannot be read
 */
export async function storedOf(
  path: ObjectPath,
  told: JsonObject,
  readOverflow: (id: string) => Promise<string>,
): Promise<Stored> {
  const entry = readObject(told.metadata)[RECORD_KEY];
  const overflow = typeof entry === 'string' && entry.startsWith('@') ? entry.slice(1) : undefined;
  const content = { size: Number(told.size), md5Hash: String(told.md5Hash), crc32c: String(told.crc32c) };
  const known = { ...path, ...content, acl: told.acl, overflow };
  // Written by a platform that did not keep records.
  if (typeof entry !== 'string') return { ...known, ...extractRecord(told) };
  // Records of earlier platforms have no checksums: then fake-gcs-server has computed them.
  const text = overflow === undefined ? Buffer.from(entry, 'base64').toString('utf8') : await readOverflow(overflow);
  return { ...known, ...(JSON.parse(text) as ObjectRecord) };
}

function extractRecord(told: JsonObject): ObjectRecord {
  return {
    generation: String(told.generation),
    metageneration: 1,
    timeCreated: String(told.timeCreated),
    updated: String(told.updated),
    attributes: readAttributes(told),
  };
}

/** For `If-Match`: another after each change. */
export function etagOf({ generation, metageneration }: ObjectRecord): string {
  return Buffer.from(`${generation}/${metageneration}`).toString('base64');
}

/** The resource. @param endpoint URL of the front door, for links */
export function resourceOf(stored: Stored, endpoint: string, projection: 'full' | 'noAcl' = 'noAcl'): JsonObject {
  const { bucket, name, generation, updated, attributes, acl } = stored;
  const address = `b/${bucket}/o/${encodeURIComponent(name)}`;
  const metadata = Object.keys(attributes.metadata).length > 0 ? { metadata: { ...attributes.metadata } } : {};
  return {
    kind: 'storage#object',
    id: `${bucket}/${name}/${generation}`,
    selfLink: `${endpoint}/storage/v1/${address}`,
    mediaLink: `${endpoint}/download/storage/v1/${address}?generation=${generation}&alt=media`,
    name,
    bucket,
    generation,
    metageneration: String(stored.metageneration),
    storageClass: 'STANDARD',
    ...attributes.fields,
    size: String(stored.size),
    md5Hash: stored.md5Hash,
    crc32c: stored.crc32c,
    etag: etagOf(stored),
    timeCreated: stored.timeCreated,
    updated,
    timeStorageClassUpdated: stored.timeCreated,
    ...metadata,
    ...(projection === 'full' && Array.isArray(acl) ? { acl: acl.map((rule) => renameObject(rule, name)) } : {}),
  };
}

function renameObject(rule: Json, object: string): Json {
  return { ...readObject(rule), object };
}

/** A JSON object; an empty one in place of anything else. */
export function readObject(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}
