/**
 * Names of objects in a form that fake-gcs-server keeps well.
 *
 * Its filesystem backend uses a name as a path: `/x` and `x`, or `a//b` and `a/b`, become one file, `a` and `a/b` cannot
 * both exist, `../x` leaves the data folder, and no file system takes 1,024 bytes between two slashes. So each name gets a
 * path that cannot do any of this:
 *
 * - the last part gets a `~` at its end, always;
 * - a part before it that is empty, `.` or `..`, or that ends in `~`, `^` or `^+`, gets a `^` at its end;
 * - of a part that is longer than 200 bytes, each piece of about that length is a folder with `^+` at its end.
 *
 * `photos//a.jpg` is kept as `photos/^/a.jpg~`.
 */

/** A name that no object can have. */
export class ObjectNameError extends Error {
  override readonly name = 'ObjectNameError';
}

/** What Cloud Storage allows, in bytes of UTF-8 (https://cloud.google.com/storage/docs/objects#naming). */
const LONGEST_NAME = 1024;
/** Bytes of one part that stay together: with what is added to them, less than the 255 that file systems allow. */
const PIECE = 200;
const GOES_ON = '^+';

/** The path for a name. @throws ObjectNameError saying what is wrong with the name */
export function encodeName(name: string): string {
  requireName(name);
  const parts = name.split('/');
  const last = parts.pop() ?? '';
  return [...parts.flatMap((part) => split(part, encodeFolder)), ...split(last, (piece) => `${piece}~`)].join('/');
}

/** The name for a path that `encodeName` made. */
export function decodeName(encoded: string): string {
  const parts = encoded.split('/');
  const last = parts.pop() ?? '';
  const folders = parts.map((part) =>
    part.endsWith(GOES_ON) ? part.slice(0, -GOES_ON.length) : `${part.endsWith('^') ? part.slice(0, -1) : part}/`,
  );
  return `${folders.join('')}${last.endsWith('~') ? last.slice(0, -1) : last}`;
}

function encodeFolder(part: string): string {
  return part === '' || part === '.' || part === '..' || /[~^]$|\^\+$/.test(part) ? `${part}^` : part;
}

/** A part in pieces that a file system takes, none of which ends within a character. */
function split(part: string, encodeLast: (piece: string) => string): string[] {
  const found: string[] = [];
  let piece = '';
  for (const character of Buffer.byteLength(part) > PIECE ? part : []) {
    if (Buffer.byteLength(piece) + Buffer.byteLength(character) > PIECE) {
      found.push(`${piece}${GOES_ON}`);
      piece = '';
    }
    piece += character;
  }
  return [...found, encodeLast(found.length > 0 ? piece : part)];
}

function requireName(name: string): void {
  const quoted = JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}...` : name);
  if (name === '') throw new ObjectNameError('Required: the name of an object.');
  if (name === '.' || name === '..') throw new ObjectNameError(`An object cannot be named ${quoted}.`);
  if (name.startsWith('.well-known/acme-challenge/')) {
    throw new ObjectNameError(
      `An object cannot have a name that begins with ".well-known/acme-challenge/": ${quoted}.`,
    );
  }
  if (/\p{Surrogate}/u.test(name))
    throw new ObjectNameError(`The name ${quoted} is not Unicode: half a surrogate pair.`);
  if (/[\0\r\n]/.test(name)) throw new ObjectNameError(`The name ${quoted} contains a NUL or a line break.`);
  if (Buffer.byteLength(name) > LONGEST_NAME) {
    throw new ObjectNameError(`The name ${quoted} is longer than ${LONGEST_NAME} bytes of UTF-8.`);
  }
}

/**
 * Refuses what cannot be a bucket, dots at the wrong place above all.
 * @throws ObjectNameError by the rules of https://cloud.google.com/storage/docs/buckets#naming
 */
export function requireBucket(name: string): void {
  if (isBucket(name)) return;
  throw new ObjectNameError(
    `Invalid bucket name: ${JSON.stringify(name)}. It must be 3 to 63 characters of a-z, 0-9, - _ and ., with a letter or digit at both ends.`,
  );
}

/** Whether a bucket could have this name. */
export function isBucket(name: string): boolean {
  return /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/.test(name) && !name.includes('..');
}
