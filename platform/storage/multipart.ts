/** Uploads of metadata and content in one body: `multipart/related` (RFC 2387), taken apart where it lies in a file. */
import type { FileHandle } from 'node:fs/promises';
import { isObject, type Json, type JsonObject } from '../../ground/json';
import { AT_A_TIME } from './content';
import { GoogleError } from './google-error';
import { METADATA_LIMIT } from './spool';

/** The two parts of an upload. */
export interface Parts {
  readonly metadata: JsonObject;
  /** Of the content, by its own part. */
  readonly contentType: string | undefined;
  /** Where the content is, in bytes. */
  readonly start: number;
  readonly size: number;
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true });
/** Bytes of a part's headers. */
const HEADERS_LIMIT = 16 * 1024;

/** Finds the parts of a body. @throws GoogleError 400 saying what is not well formed */
export async function readParts(contentType: string, file: FileHandle, size: number): Promise<Parts> {
  const boundary = /boundary=(?:"([^"]+)"|'([^']+)'|([^;\s]+))/i.exec(contentType);
  const name = boundary?.[1] ?? boundary?.[2] ?? boundary?.[3];
  if (name === undefined) throw malformedError('it has no boundary');
  const delimiter = Buffer.from(`\n--${name}`);
  const { head, first, second } = await readBeginning(file, size, delimiter);
  if (first < 0 || second < 0) throw malformedError('its first part, the metadata, has no end');
  const { start: metadataStart } = readHead(head, first + delimiter.length - 1);
  const { start, headers } = readHead(head, second + delimiter.length);
  const end = await find(file, delimiter, start - 1, size);
  if (end === undefined) throw malformedError('its second part, the content, has no end');
  const around = (await read(file, end - 1, Math.min(size, end + delimiter.length + 2))).toString('latin1');
  if (around.slice(1 + delimiter.length) !== '--') throw malformedError('it has more than two parts');
  // The line break before a delimiter belongs to it.
  const isPair = end > start && around.startsWith('\r');
  return {
    metadata: parseMetadata(head.subarray(metadataStart, second)),
    contentType: /^content-type:[ \t]*(.*?)\s*$/im.exec(headers)?.[1],
    start,
    size: Math.max(0, end - start - (isPair ? 1 : 0)),
  };
}

/** The metadata of an object as a request has it; none when it is empty. @throws GoogleError 400 */
export function parseMetadata(body: Buffer): JsonObject {
  try {
    const text = UTF_8.decode(body);
    const value = JSON.parse(text.trim() === '' ? '{}' : text) as Json;
    if (isObject(value)) return value;
  } catch {
    // Said below.
  }
  throw new GoogleError(400, 'The metadata is not a JSON object in UTF-8.');
}

/** The headers of a part, from the end of its delimiter on, and where what follows them begins. */
function readHead(body: Buffer, from: number): { start: number; headers: string } {
  const text = body.subarray(from, from + HEADERS_LIMIT).toString('latin1');
  const [line] = /^[ \t]*\r?\n/.exec(text) ?? [];
  if (line === undefined) throw malformedError('it has fewer than two parts');
  const rest = text.slice(line.length);
  const [empty] = /^\r?\n/.exec(rest) ?? [];
  const gap = empty === undefined ? /\r?\n\r?\n/.exec(rest) : { index: 0, 0: empty };
  if (gap === null) throw malformedError('a part has no empty line after its headers');
  const headers = rest.slice(0, gap.index);
  const wrong = headers.split(/\r?\n/).find((header) => header !== '' && !/^[!-9;-~]+:|^[ \t]/.test(header));
  if (wrong !== undefined) throw malformedError(`${JSON.stringify(wrong.slice(0, 80))} is not a header`);
  return { start: from + line.length + gap.index + gap[0].length, headers };
}

/** The beginning of a body, up to the headers of its second part, and where its first two delimiters are in it; -1 for none. */
async function readBeginning(
  file: FileHandle,
  size: number,
  delimiter: Buffer,
  limit = AT_A_TIME,
): Promise<{ head: Buffer; first: number; second: number }> {
  const head = await read(file, 0, Math.min(size, limit));
  const first = head.indexOf(delimiter.subarray(1));
  const second = head.indexOf(delimiter, first + 1);
  const isThere = first >= 0 && second >= 0 && second + delimiter.length + HEADERS_LIMIT <= head.length;
  if (isThere || head.length === size || limit > AT_A_TIME) return { head, first, second };
  return readBeginning(file, size, delimiter, 2 * METADATA_LIMIT);
}

/** Where some bytes are in a file; undefined when they are not. */
async function find(file: FileHandle, wanted: Buffer, from: number, to: number): Promise<number | undefined> {
  const memory = Buffer.allocUnsafeSlow(AT_A_TIME + wanted.length - 1);
  for (let at = from; at < to; at += AT_A_TIME) {
    const { bytesRead } = await file.read(memory, 0, Math.min(to - at, memory.length), at);
    const found = memory.subarray(0, bytesRead).indexOf(wanted);
    if (found >= 0) return at + found;
  }
  return undefined;
}

async function read(file: FileHandle, from: number, to: number): Promise<Buffer> {
  const size = Math.max(0, to - from);
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(size), 0, size, from);
  return buffer.subarray(0, bytesRead);
}

function malformedError(what: string): GoogleError {
  return new GoogleError(400, `The multipart body is malformed: ${what}.`);
}
