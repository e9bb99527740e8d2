/**
 * What a request says an object has to be before it is read or changed.
 * Sources: https://cloud.google.com/storage/docs/request-preconditions, and RFC 9110, section 13, for the headers.
 */
import type http from 'node:http';
import { GoogleError, NotMetError, noSuchObject } from './google-error';
import type { ObjectPath } from './requests';
import { etagOf, type ObjectRecord } from './resource';

/** Numbers as Google writes them, in decimal. */
export interface Preconditions {
  readonly ifGenerationMatch?: string;
  readonly ifGenerationNotMatch?: string;
  readonly ifMetagenerationMatch?: string;
  readonly ifMetagenerationNotMatch?: string;
  /** The generation that is meant; another is none. */
  readonly generation?: string;
  /** The values of `If-Match` and `If-None-Match`. */
  readonly ifMatch?: string;
  readonly ifNoneMatch?: string;
}

const CONDITIONS = [
  'ifGenerationMatch',
  'ifGenerationNotMatch',
  'ifMetagenerationMatch',
  'ifMetagenerationNotMatch',
] as const;
/** The headers of the XML API that say the same. */
const XML_HEADERS = {
  ifGenerationMatch: 'x-goog-if-generation-match',
  ifGenerationNotMatch: 'x-goog-if-generation-not-match',
  ifMetagenerationMatch: 'x-goog-if-metageneration-match',
  ifMetagenerationNotMatch: 'x-goog-if-metageneration-not-match',
} as const;

/**
 * The preconditions of a request, by its query and its headers.
 * @throws GoogleError 400 when a value is no number
 */
export function readPreconditions(query: URLSearchParams, headers: http.IncomingHttpHeaders): Preconditions {
  const found: Record<string, string> = {};
  for (const condition of CONDITIONS) {
    const header = headers[XML_HEADERS[condition]];
    const value = query.get(condition) ?? (typeof header === 'string' ? header : undefined);
    if (value !== undefined) found[condition] = requireNumber(condition, value);
  }
  const generation = query.get('generation');
  if (generation !== null) found.generation = requireNumber('generation', generation);
  if (headers['if-match'] !== undefined) found.ifMatch = headers['if-match'];
  if (headers['if-none-match'] !== undefined) found.ifNoneMatch = headers['if-none-match'];
  return found;
}

/** Those of the object that is copied: `ifSourceGenerationMatch`, `sourceGeneration`, and so on. @throws GoogleError 400 */
export function readSourcePreconditions(query: URLSearchParams): Preconditions {
  const found: Record<string, string> = {};
  for (const condition of [...CONDITIONS, 'generation']) {
    const name = condition === 'generation' ? 'sourceGeneration' : condition.replace('if', 'ifSource');
    const value = query.get(name);
    if (value !== null) found[condition] = requireNumber(name, value);
  }
  return found;
}

export function requireNumber(name: string, value: string): string {
  if (/^\d{1,19}$/.test(value)) return BigInt(value).toString();
  throw new GoogleError(400, `Invalid value for ${name}: ${JSON.stringify(value)}. It must be a number, 0 or more.`);
}

/** Checks a write that needs no object to be there. @throws NotMetError */
export function checkWrite(conditions: Preconditions, live: ObjectRecord | undefined): void {
  const failed = findFailing(conditions, live);
  if (failed !== undefined) throw new NotMetError(failed);
}

/**
 * Checks a read or a change of an object that has to be there.
 * @param read whether it is only read: what was not to be the same is then answered with 304
 * @throws GoogleError 304, 404; NotMetError
 */
export function requireLive<Live extends ObjectRecord>(
  conditions: Preconditions,
  live: Live | undefined,
  { bucket, name }: ObjectPath,
  read: boolean,
): Live {
  const { generation } = conditions;
  if (live === undefined || (generation !== undefined && generation !== live.generation))
    throw noSuchObject(bucket, generation === undefined ? name : `${name}#${generation}`);
  const failed = findFailing(conditions, live);
  if (failed === undefined) return live;
  throw read && /(NotMatch|NoneMatch)$/.test(failed) ? new GoogleError(304, 'Not Modified') : new NotMetError(failed);
}

/** The first condition that does not hold. Those that have to match come first: they say 412 where others say 304. */
function findFailing(conditions: Preconditions, live: ObjectRecord | undefined): string | undefined {
  const generation = live?.generation ?? '0';
  const metageneration = live === undefined ? undefined : String(live.metageneration);
  const is = (wanted: string | undefined, there: string | undefined) => wanted === undefined || wanted === there;
  if (!is(conditions.ifGenerationMatch, generation)) return 'ifGenerationMatch';
  if (!is(conditions.ifMetagenerationMatch, metageneration)) return 'ifMetagenerationMatch';
  if (conditions.ifMatch !== undefined && !includesTag(conditions.ifMatch, live)) return 'If-Match';
  if (conditions.ifGenerationNotMatch === generation) return 'ifGenerationNotMatch';
  if (metageneration !== undefined && conditions.ifMetagenerationNotMatch === metageneration)
    return 'ifMetagenerationNotMatch';
  if (conditions.ifNoneMatch !== undefined && includesTag(conditions.ifNoneMatch, live)) return 'ifNoneMatch';
  return undefined;
}

/** Whether a list of entity tags has that of an object in it. */
function includesTag(list: string, live: ObjectRecord | undefined): boolean {
  if (live === undefined) return false;
  const tags = list.split(',').map((tag) => tag.trim().replace(/^(?:W\/)?"?(.*?)"?$/, '$1'));
  return tags.includes('*') || tags.includes(etagOf(live));
}
