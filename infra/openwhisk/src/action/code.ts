import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { digestFile } from '../file-digest';

/**
 * Code of an action as an input: where it is and what it must be. The digest alone decides whether it changed. Of a
 * file the state keeps the path and `sha256`, never its bytes; inline source is an input like any other.
 */
export interface Code {
  /** Path relative to the program's folder, with `/`. */
  readonly file?: string;
  /** Inline source text. */
  readonly source?: string;
  /** SHA-256 of the bytes, in hexadecimal; missing when the file could not be read. */
  readonly sha256?: string;
}

/** Code in the form of OpenWhisk's `exec`: text, or base64 when `binary`. */
export interface EncodedCode {
  readonly code: string;
  readonly binary: boolean;
}

/** OpenWhisk's limit on the code of an action, in characters of the base64 form (`Exec.sizeLimit`). */
const ENCODED_MAX = 48 * 1024 * 1024;

/** SHA-256 of bytes or of a text in UTF-8, in hexadecimal. */
export function digestOf(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Describes code for the inputs of a resource. A file that cannot be read has no digest; the provider's check tells. */
export async function describeCode(file: string | undefined, source: string | undefined): Promise<Code | undefined> {
  if (file === undefined && source === undefined) return undefined;
  const place = file === undefined ? {} : { file: makeRelative(file), ...(await digestOfFile(file)) };
  return source === undefined ? place : { ...place, source, sha256: digestOf(source) };
}

/**
 * Reads code whose digest was taken before, and encodes it.
 * @param anyContent The file may have changed: its digest is an old one.
 * @throws Error when the file has vanished or changed since.
 */
export async function loadCode(code: Code, anyContent = false): Promise<EncodedCode> {
  if (code.source !== undefined) return { code: code.source, binary: false };
  if (code.file === undefined)
    throw new Error(
      "Only the digest of this action's code is known: a refresh found this code, and `ignoreChanges` keeps it. Take `code` out of `ignoreChanges` for one run, so that the program's own code is deployed.",
    );
  const bytes = await readFile(code.file).catch((error: unknown) => {
    throw new Error(`The code file ${code.file} cannot be read (${reasonOf(error)}). Build it, then run this again.`);
  });
  if (!anyContent && digestOf(bytes) !== code.sha256) {
    throw new Error(`The code file ${code.file} changed during this run. Run it again, and build nothing meanwhile.`);
  }
  return isText(bytes)
    ? { code: bytes.toString('utf8'), binary: false }
    : { code: bytes.toString('base64'), binary: true };
}

/** What is wrong with a code file, or undefined: missing, no file, or above OpenWhisk's limit. */
export async function faultOfFile(file: string): Promise<string | undefined> {
  try {
    const found = await stat(file);
    if (!found.isFile()) return `${file} is not a file`;
    const encoded = Math.ceil(found.size / 3) * 4;
    if (encoded <= ENCODED_MAX) return undefined;
    return `${file} is ${toMebibytes(encoded)} MB as base64; OpenWhisk accepts 48 MB, which is 36 MB of zip`;
  } catch (error) {
    return `${file} cannot be read (${reasonOf(error)}); build it first`;
  }
}

/** True when what OpenWhisk holds has the digest. It decides by itself whether text that looks like base64 is binary. */
export function hasDigest(
  exec: { readonly code?: string; readonly binary?: boolean },
  sha256: string | undefined,
): boolean {
  if (exec.code === undefined) return sha256 === undefined;
  if (digestOf(exec.code) === sha256) return true;
  return exec.binary === true && digestOf(Buffer.from(exec.code, 'base64')) === sha256;
}

/** The digest of what OpenWhisk holds, or is to hold. */
export function digestOfExec(exec: { readonly code?: string; readonly binary?: boolean }): string {
  return digestOf(exec.binary === true ? Buffer.from(exec.code ?? '', 'base64') : (exec.code ?? ''));
}

/** SHA-256 of a file's bytes; nothing when it cannot be read. */
export async function digestOfFile(file: string): Promise<Pick<Code, 'sha256'>> {
  try {
    return { sha256: await digestFile(file) };
  } catch {
    return {};
  }
}

/** Relative, so that the state is the same on every machine. */
function makeRelative(file: string): string {
  return path.relative(process.cwd(), path.resolve(file)).split(path.sep).join('/');
}

/** Text is valid UTF-8 without NUL; a zip, a jar or an executable is not. */
function isText(bytes: Buffer): boolean {
  if (bytes.subarray(0, 4).toString('latin1') === 'PK\x03\x04' || bytes.includes(0)) return false;
  return Buffer.from(bytes.toString('utf8'), 'utf8').equals(bytes);
}

function toMebibytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' ? 'there is none' : String(code ?? error);
}
