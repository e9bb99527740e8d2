/** The names of the service: of what is deployed, and of what v2 makes of an object (`actions/buckets/names.py`; a test holds both together). */
import { createHash } from 'node:crypto';

/** The package that holds all actions on OpenWhisk. */
export const PACKAGE = 'pdfmagic';
/** The trigger that a new file fires, and the rules that lead from it to the actions. */
export const TRIGGER = 'new-file';
/** The API is at the base path; the page for people at its root, v1 and v2 at the path below. */
export const API = { basePath: '/convert', path: '/pdf' } as const;
/** Path of v1 and v2 behind the URL of a service on Cloud Run. */
export const CONVERT_PATH = `${API.basePath}${API.path}`;
/** Path that takes the events of new files on Cloud Run. */
export const EVENTS_PATH = '/events';
/** The buckets of a student are `STUDENT-convert-in` and `STUDENT-convert-out`. */
export const BUCKETS = { in: 'convert-in', out: 'convert-out' } as const;
/** URL of Google's own Cloud Storage. */
export const REAL_STORAGE = 'https://storage.googleapis.com';

/** The PDF of a JPEG: `.jpg` or `.jpeg` at the end becomes `.pdf`, else it is added. Also for files. */
export function pdfName(name: string): string {
  return `${name.replace(/\.jpe?g$/i, '')}.pdf`;
}

/** The record of a JPEG's refusal. */
export function recordName(name: string): string {
  const isLong = Buffer.byteLength(name) > 1000 || name.split('/').some((part) => Buffer.byteLength(part) > 200);
  return isLong ? `long-names/${createHash('sha256').update(name).digest('hex')}.error.json` : `${name}.error.json`;
}
