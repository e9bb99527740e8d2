/** What a request to a session of a resumable upload says of the bytes that it brings. */
import { GoogleError } from './google-error';

export interface ContentRange {
  /** The place of the first byte; undefined when the request brings none and only asks. */
  readonly first: number | undefined;
  /** That of the last; undefined when it is wherever the body ends. */
  readonly last: number | undefined;
  /** The size of the object; undefined while it is not known. */
  readonly total: number | undefined;
  /** Whether the object ends where this body does. */
  readonly ends: boolean;
}

// Reads `Content-Range`: `bytes 0-262143/*`, `bytes 0-*/*`, `bytes */1000`, or nothing, where the body is all. These forms end a
// comment of the other kind. Source: https://cloud.google.com/storage/docs/performing-resumable-uploads.
// Throws GoogleError 400 when it is malformed.
export function readContentRange(header: string | undefined): ContentRange {
  if (header === undefined) return { first: 0, last: undefined, total: undefined, ends: true };
  const [, first, last, size] = /^bytes (?:\*|(\d{1,15})-(\d{1,15}|\*))\/(\d{1,15}|\*)$/.exec(header) ?? [];
  if (size === undefined) throw new GoogleError(400, 'Failed to parse Content-Range header.');
  const total = size === '*' ? undefined : Number(size);
  if (first === undefined) return { first: undefined, last: undefined, total, ends: false };
  const range = { first: Number(first), last: last === '*' ? undefined : Number(last), total };
  if (range.last !== undefined && (range.last < range.first - 1 || range.last >= (total ?? Number.POSITIVE_INFINITY)))
    throw new GoogleError(400, 'Invalid Content-Range: its last byte is before its first, or beyond its size.');
  return { ...range, ends: last === '*' && total === undefined };
}
