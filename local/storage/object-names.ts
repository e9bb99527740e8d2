/**
 * Names of objects in a form that fake-gcs-server keeps well.
 *
 * Its filesystem backend uses a name as a path: `/x` and `x`, or `a//b` and `a/b`, become one file, `a` and `a/b` cannot
 * both exist, and `../x` leaves the data folder. So each name gets a path that cannot do any of this:
 *
 * - the last part gets a `~` at its end, always;
 * - a part before it that is empty, `.` or `..`, or that ends in `~` or `^`, gets a `^` at its end.
 *
 * `photos//a.jpg` is kept as `photos/^/a.jpg~`. A common beginning of names stays one, which is what listing is about.
 */

/** A name that no object can have. */
export class ObjectNameError extends Error {
  override readonly name = 'ObjectNameError';
}

/** What Cloud Storage allows, in bytes of UTF-8 (https://cloud.google.com/storage/docs/objects#naming). */
const LONGEST_NAME = 1024;
/** What a file system allows in one part, less what fake-gcs-server adds to it for a temporary file. */
const LONGEST_PART = 220;

/** The path for a name. @throws ObjectNameError saying what is wrong with the name */
export function encodeName(name: string): string {
  requireName(name);
  const parts = name.split('/');
  const last = parts.pop() ?? '';
  return [...parts.map(encodeFolder), `${last}~`].join('/');
}

/** The name for a path that `encodeName` made. */
export function decodeName(encoded: string): string {
  const parts = encoded.split('/');
  const last = parts.pop() ?? '';
  return [...parts.map(decodeFolder), last.endsWith('~') ? last.slice(0, -1) : last].join('/');
}

/** The beginning of all paths whose names begin so (and of few others; filter what it finds). */
export function encodePrefix(prefix: string): string {
  const parts = prefix.split('/');
  const last = parts.pop() ?? '';
  return [...parts.map(encodeFolder), last].join('/');
}

/** The name's part that all of a folder have in common: as a listing with a delimiter gives it, with `/` at the end. */
export function decodePrefix(encoded: string): string {
  return encoded.split('/').map(decodeFolder).join('/');
}

function encodeFolder(part: string): string {
  return part === '' || part === '.' || part === '..' || /[~^]$/.test(part) ? `${part}^` : part;
}

function decodeFolder(part: string): string {
  return part.endsWith('^') ? part.slice(0, -1) : part;
}

function requireName(name: string): void {
  const quoted = JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}...` : name);
  if (name === '') throw new ObjectNameError('Required: the name of an object.');
  if (name === '.' || name === '..') throw new ObjectNameError(`An object cannot be named ${quoted}.`);
  if (/\p{Surrogate}/u.test(name))
    throw new ObjectNameError(`The name ${quoted} is not Unicode: half a surrogate pair.`);
  if (/[\0\r\n]/.test(name)) throw new ObjectNameError(`The name ${quoted} has a NUL or line break in it.`);
  if (Buffer.byteLength(name) > LONGEST_NAME) {
    throw new ObjectNameError(`The name ${quoted} is longer than ${LONGEST_NAME} bytes of UTF-8.`);
  }
  if (name.split('/').some((part) => Buffer.byteLength(part) > LONGEST_PART)) {
    throw new ObjectNameError(
      `The name ${quoted} has more than ${LONGEST_PART} bytes between two slashes, which this emulator cannot keep.`,
    );
  }
}

/**
 * Refuses what cannot be a bucket, dots at the wrong place above all.
 * @throws ObjectNameError by the rules of https://cloud.google.com/storage/docs/buckets#naming
 */
export function requireBucket(name: string): void {
  if (/^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/.test(name) && !name.includes('..')) return;
  throw new ObjectNameError(
    `Invalid bucket name: ${JSON.stringify(name)}. It is 3 to 63 of a-z, 0-9, - _ and ., a letter or digit at both ends.`,
  );
}
