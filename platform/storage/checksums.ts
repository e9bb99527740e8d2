/** Checksums: of what was sent, and those that a client sends along: what is said when they are not the same. */
import { createHash } from 'node:crypto';
import type http from 'node:http';
import { crc32c } from '@node-rs/crc32';
import type { JsonObject } from '../../ground/json';
import { type Piece, readPieces } from './content';
import { GoogleError } from './google-error';

/** In base64: MD5, and CRC32C in big-endian order (https://cloud.google.com/storage/docs/data-validation). */
export interface Checksums {
  readonly md5Hash?: string;
  readonly crc32c?: string;
}

const BYTES = { md5Hash: 16, crc32c: 4 } as const;
const NAMES = { md5Hash: 'MD5 hash', crc32c: 'CRC32C' } as const;

/** Those in metadata. @throws GoogleError 400 for what cannot be one */
export function readChecksumsInMetadata({ md5Hash, crc32c }: JsonObject): Checksums {
  return { ...readChecksum('md5Hash', md5Hash), ...readChecksum('crc32c', crc32c) };
}

/** Those in headers: `x-goog-hash`, and `Content-MD5` where the body is the content. @throws GoogleError 400 */
export function readChecksumsInHeaders(headers: http.IncomingHttpHeaders, bodyIsContent: boolean): Checksums {
  const found: { md5Hash?: string; crc32c?: string } = {};
  for (const part of String(headers['x-goog-hash'] ?? '').split(',')) {
    const [, algorithm, value] = /^\s*(md5|crc32c)=(.*?)\s*$/.exec(part) ?? [];
    if (algorithm === 'md5') Object.assign(found, readChecksum('md5Hash', value));
    if (algorithm === 'crc32c') Object.assign(found, readChecksum('crc32c', value));
  }
  const md5 = headers['content-md5'];
  return bodyIsContent && md5 !== undefined ? { ...found, ...readChecksum('md5Hash', String(md5)) } : found;
}

function readChecksum(kind: keyof Checksums, value: unknown): Checksums {
  if (value === undefined || value === null || value === '') return {};
  if (typeof value === 'string' && isBase64Of(value, BYTES[kind])) return { [kind]: value };
  throw new GoogleError(
    400,
    `Invalid ${NAMES[kind]}: ${JSON.stringify(value)}. It must be ${BYTES[kind]} bytes in base64.`,
  );
}

function isBase64Of(value: string, bytes: number): boolean {
  const decoded = Buffer.from(value, 'base64');
  return decoded.length === bytes && decoded.toString('base64') === value;
}

/** The checksums of content. @throws Error as `readPieces` */
export async function computeChecksums(content: readonly Piece[]): Promise<Required<Checksums>> {
  const md5 = createHash('md5');
  let crc = 0;
  await readPieces(content, (bytes) => {
    md5.update(bytes);
    crc = crc32c(bytes, crc);
  });
  const bigEndian = Buffer.alloc(BYTES.crc32c);
  bigEndian.writeUInt32BE(crc);
  return { md5Hash: md5.digest('base64'), crc32c: bigEndian.toString('base64') };
}

/** @throws GoogleError 400, in Google's words, when the content is not what was sent */
export function checkChecksums(expected: Checksums, actual: Required<Checksums>): void {
  for (const kind of ['md5Hash', 'crc32c'] as const) {
    const value = expected[kind];
    if (value === undefined || value === actual[kind]) continue;
    const name = NAMES[kind];
    throw new GoogleError(400, `Provided ${name} "${value}" doesn't match calculated ${name} "${actual[kind]}".`);
  }
}
