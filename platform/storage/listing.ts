/** Listings of a bucket: https://cloud.google.com/storage/docs/json_api/v1/objects/list. */
import type { JsonObject } from '../../ground/json';
import { readGlob } from './glob';
import { GoogleError } from './google-error';
import type { Stored } from './resource';

/** How many entries a page has at most. */
const LONGEST_PAGE = 1000;

/** An object, or all whose names go on behind a delimiter. */
type Entry = { readonly name: string; readonly object?: Stored };

/**
 * A page of a listing.
 * @param resource gives an object's resource
 * @throws GoogleError 400 for a query that is malformed
 */
export function listPage(
  objects: readonly Stored[],
  query: URLSearchParams,
  resource: (stored: Stored) => JsonObject,
): JsonObject {
  const most = readMost(query.get('maxResults'));
  const after = readToken(query.get('pageToken'));
  const entries = entriesOf(objects, query);
  const from = after === undefined ? 0 : entries.findIndex(({ name }) => compareBytes(name, after) > 0);
  const page = from < 0 ? [] : entries.slice(from, from + most);
  const hasMore = from >= 0 && from + most < entries.length;
  const items = page.flatMap(({ object }) => (object === undefined ? [] : [resource(object)]));
  const prefixes = page.flatMap(({ name, object }) => (object === undefined ? [name] : []));
  return {
    kind: 'storage#objects',
    ...(items.length > 0 && { items }),
    ...(prefixes.length > 0 && { prefixes }),
    ...(hasMore && { nextPageToken: Buffer.from(page.at(-1)?.name ?? '').toString('base64url') }),
  };
}

/** In order of their names' bytes. */
function entriesOf(objects: readonly Stored[], query: URLSearchParams): Entry[] {
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const trailing = query.get('includeTrailingDelimiter') === 'true';
  const glob = query.get('matchGlob');
  const pattern = glob === null ? undefined : readGlob(glob);
  const [start, end] = [query.get('startOffset') ?? '', query.get('endOffset') ?? ''];
  const found = new Map<string, Entry>();
  for (const object of objects) {
    const { name } = object;
    if (!name.startsWith(prefix) || (start !== '' && compareBytes(name, start) < 0)) continue;
    if ((end !== '' && compareBytes(name, end) >= 0) || pattern?.test(name) === false) continue;
    const cut = delimiter === '' ? -1 : name.indexOf(delimiter, prefix.length);
    const folder = cut < 0 ? undefined : name.slice(0, cut + delimiter.length);
    // A key that no name can be, so that an object may have the name of a folder.
    if (folder !== undefined) found.set(`\0${folder}`, { name: folder });
    if (folder === undefined || (trailing && folder === name)) found.set(name, { name, object });
  }
  return [...found.values()].sort((a, b) => compareBytes(a.name, b.name));
}

function readMost(value: string | null): number {
  if (value === null) return LONGEST_PAGE;
  if (!/^\d{1,9}$/.test(value))
    throw new GoogleError(
      400,
      `Invalid value for maxResults: ${JSON.stringify(value)}. It must be a number, 0 or more.`,
    );
  return Math.min(Number(value) || LONGEST_PAGE, LONGEST_PAGE);
}

function readToken(value: string | null): string | undefined {
  if (value === null || value === '') return undefined;
  const name = Buffer.from(value, 'base64url');
  if (name.length === 0 || name.toString('base64url') !== value)
    throw new GoogleError(400, `Invalid value for pageToken: ${JSON.stringify(value)}.`);
  return name.toString('utf8');
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
