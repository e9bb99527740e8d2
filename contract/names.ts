/** The names that v2 gives to what it makes of an object; `actions/buckets/names.py` has the rules, a test holds both together. */
import { createHash } from 'node:crypto';

/** The PDF of a JPEG: `.jpg` or `.jpeg` at the end becomes `.pdf`, else it is added. Also for files. */
export function pdfName(name: string): string {
  return `${name.replace(/\.jpe?g$/i, '')}.pdf`;
}

/** The record of a JPEG's refusal. */
export function recordName(name: string): string {
  const isLong = Buffer.byteLength(name) > 1000 || name.split('/').some((part) => Buffer.byteLength(part) > 200);
  return isLong ? `long-names/${createHash('sha256').update(name).digest('hex')}.error.json` : `${name}.error.json`;
}
