/** What a file is, by its first bytes: a wrong one is refused before anything is sent. */

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
  [/^%PDF/, 'a PDF already'],
  [/^PK/, 'a ZIP archive or an Office document'],
];

/** Why a file cannot be converted, in words; undefined for one that begins as a JPEG does (FF D8 FF). */
export async function faultOf(file: File): Promise<string | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await file.slice(0, ENOUGH).arrayBuffer());
  } catch {
    return 'This cannot be read. It may be a folder, or it was moved after you chose it.';
  }
  if (bytes.length === 0) return 'This file is empty.';
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return undefined;
  const start = String.fromCharCode(...bytes);
  const kind = KINDS.find(([pattern]) => pattern.test(start))?.[1];
  const found = kind === undefined ? 'This is not a JPEG' : `This is ${kind}, not a JPEG`;
  return kind === 'a PDF already' ? `This is ${kind}.` : `${found}. Save it as a JPEG and choose that.`;
}
