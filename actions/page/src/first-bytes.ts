/** What a file is, by its first bytes: a wrong one is refused before anything is sent. */

import { FAULT } from './words';

/** Bytes that tell. */
const ENOUGH = 12;

const KINDS: readonly (readonly [start: RegExp, what: string])[] = [
  [/^\x89PNG/, 'a PNG image'],
  [/^GIF8/, 'a GIF image'],
  [/^RIFF....WEBP/s, 'a WebP image'],
  [/^....ftyp(?:hei|hev|mif)/s, 'a HEIC image'],
  [/^....ftypavi/s, 'an AVIF image'],
  [/^....ftyp/s, 'a film'],
  [/^(?:II\*|MM.\*)/s, 'a TIFF image'],
  [/^BM/, 'a BMP image'],
  [/^PK/, 'a ZIP archive or an Office document'],
];

/** Why a file cannot be converted, in words; undefined for one that begins as a JPEG does (FF D8 FF). */
export async function findFault(file: File): Promise<string | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await file.slice(0, ENOUGH).arrayBuffer());
  } catch {
    return FAULT.unreadable;
  }
  if (bytes.length === 0) return FAULT.empty;
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return undefined;
  const start = String.fromCharCode(...bytes);
  const kind = KINDS.find(([pattern]) => pattern.test(start))?.[1];
  return start.startsWith('%PDF') ? FAULT.isPdf : FAULT.notJpeg(kind);
}
