/**
 * The part of an object that a request asks for (https://www.rfc-editor.org/rfc/rfc9110#section-14.2). As Google's: only a start
 * behind the end is refused; a header that means nothing asks for everything.
 */

/** From `start`, `size` bytes. */
export interface Part {
  readonly start: number;
  readonly size: number;
}

/**
 * Reads the header `Range`.
 * @param size of all there is, in bytes
 * @returns undefined for all of it, null when there is no such part
 */
export function readRange(header: string | undefined, size: number): Part | undefined | null {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  if (start >= size) return null;
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  return end < start ? undefined : { start, size: end - start + 1 };
}
