/**
 * JSON as UTF-8 bytes. What is bytes already, of a picture or of JSON that somebody else wrote, goes in as bytes: it is
 * neither made a string of nor searched for signs to escape, which took longer than all else of a request.
 */
import { writeJson } from './exact-json';
import { PLACE, writeAround } from './json-parts';

const PLACES = new RegExp(`"${PLACE}"`);

/** Writes JSON as `writeJson` does, with `end` behind it; each `Base64Text` and `WrittenJson` goes in as bytes. */
export function writeJsonBytes(value: unknown, end = ''): Buffer {
  const { text, parts } = writeAround(() => `${writeJson(value)}${end}`);
  if (parts.length === 0) return Buffer.from(text);
  const pieces = text.split(PLACES);
  const size = pieces.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0);
  const bytes = Buffer.allocUnsafe(parts.reduce((sum, part) => sum + part.size, size));
  let at = 0;
  for (const [index, piece] of pieces.entries()) {
    at += bytes.write(piece, at);
    const part = parts[index];
    if (part === undefined) continue;
    part.write(bytes, at);
    at += part.size;
  }
  return bytes;
}
