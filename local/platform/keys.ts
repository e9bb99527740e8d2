/**
 * The key of the one namespace of this platform: made at first start, kept in `.wskprops` with mode 0600.
 * A key is `UUID:KEY` with 64 characters of KEY, as OpenWhisk's `wskadmin` makes them.
 */
import { randomInt, randomUUID } from 'node:crypto';
import { chmodSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readWskprops, WSKPROPS_FILE } from '../../infra/platform-file';
import type { Identity } from '../openwhisk/core';

const NAMESPACE = 'guest';
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/**
 * The identity of the platform in `dataDir`, made when there is none; `.wskprops` is written with the current `apihost`.
 * @throws Error when `.wskprops` holds something else than a key
 */
export function loadIdentity(dataDir: string, apihost: string): Identity {
  const auth = readWskprops(dataDir)?.get('AUTH') ?? newKey();
  const [, uuid, key] = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):(\S{32,})$/.exec(auth) ?? [];
  const file = path.join(dataDir, WSKPROPS_FILE);
  if (!uuid || !key) {
    throw new Error(`${file}: AUTH is not a key (UUID:KEY). Mend it, or delete the file to get a new key.`);
  }
  writePrivately(file, wskprops(apihost, auth));
  return { subject: NAMESPACE, namespace: NAMESPACE, uuid, key };
}

function newKey(): string {
  return `${randomUUID()}:${Array.from({ length: 64 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')}`;
}

/** `wsk api` insists on APIGW_ACCESS_TOKEN being there; any text will do. */
function wskprops(apihost: string, auth: string): string {
  return `APIHOST=${apihost}\nAUTH=${auth}\nNAMESPACE=_\nAPIVERSION=v1\nAPIGW_ACCESS_TOKEN=none\n`;
}

function writePrivately(file: string, text: string): void {
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, text, { mode: 0o600 });
  chmodSync(temporary, 0o600);
  renameSync(temporary, file);
}
