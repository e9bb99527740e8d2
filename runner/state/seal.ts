/**
 * Encrypts the secrets of a state file: AES-256-GCM with a random key of its own, in a file beside it (mode 0600). Who
 * can read the folder can read the secrets; who is sent the state file alone cannot.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { hasCode } from '../../ground/errors';
import type { Json, JsonObject } from '../../ground/json';
import { createFile } from './files';
import { replaceSecrets, SECRET, SIGNATURE } from './properties';

const KEY_FILE = 'secrets.key';
const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Seals and opens secrets: `{SIGNATURE: SECRET, value}` in memory, `{SIGNATURE: SECRET, ciphertext}` in the file. */
export class Sealer {
  private readonly keyFile: string;
  private key: Buffer | undefined;
  /** What was sealed once keeps its ciphertext, so that a state without changes is the same file. */
  private readonly sealed = new Map<string, string>();

  constructor(folder: string) {
    this.keyFile = path.join(folder, KEY_FILE);
  }

  /** The value with its secrets encrypted. */
  seal(value: Json): Json {
    return replaceSecrets(value, (wrapped) => wrapCiphertext(this.encrypt(JSON.stringify(wrapped.value ?? null))));
  }

  /** The value with its secrets in clear again. @throws Error when the key is missing or is another one. */
  open(value: Json): Json {
    return replaceSecrets(value, (wrapped) => {
      const ciphertext = wrapped.ciphertext;
      if (typeof ciphertext !== 'string') return wrapped;
      return { [SIGNATURE]: SECRET, value: JSON.parse(this.decrypt(ciphertext)) as Json };
    });
  }

  private encrypt(clear: string): string {
    const known = this.sealed.get(clear);
    if (known !== undefined) return known;
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.loadKey('make'), iv);
    const body = Buffer.concat([cipher.update(clear, 'utf8'), cipher.final()]);
    const ciphertext = Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64');
    this.sealed.set(clear, ciphertext);
    return ciphertext;
  }

  private decrypt(ciphertext: string): string {
    const bytes = Buffer.from(ciphertext, 'base64');
    const key = this.loadKey('need');
    try {
      const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, IV_BYTES));
      decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      const body = bytes.subarray(IV_BYTES + TAG_BYTES);
      const clear = Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
      this.sealed.set(clear, ciphertext);
      return clear;
    } catch {
      throw new Error(`${this.keyFile} is not the key that encrypted the secrets of this state. Put that key back.`);
    }
  }

  private loadKey(mode: 'make' | 'need'): Buffer {
    if (this.key !== undefined) return this.key;
    if (mode === 'make') createFile(this.keyFile, `${randomBytes(KEY_BYTES).toString('base64')}\n`);
    const key = Buffer.from(readKeyFile(this.keyFile), 'base64');
    if (key.length !== KEY_BYTES) throw new Error(`${this.keyFile} is not a key of ${KEY_BYTES} bytes in base64.`);
    this.key = key;
    return key;
  }
}

function wrapCiphertext(ciphertext: string): JsonObject {
  return { [SIGNATURE]: SECRET, ciphertext };
}

function readKeyFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    throw new Error(`${file} is missing: without it, the secrets of the state cannot be read. Put it back.`);
  }
}
