/**
 * The key of the one namespace of this platform: made at first start and kept in the file `key`, mode 0600. `.wskprops` is
 * written from it at every start. A key is `UUID:KEY` with 64 characters of KEY, as OpenWhisk's `wskadmin` makes them; the
 * UUID's first eight digits are those of the data folder, so that a key tells whether an earlier store was in the same one
 * (infra/openwhisk/src/connection/store-gone.ts).
 */
import { createHash, randomInt, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { writePrivateFile } from '../../ground/private-file';
import { KEY_FILE, WSKPROPS_FILE } from '../../infra/targets/local/platform-file';
import type { Identity } from '../openwhisk/core';

const NAMESPACE = 'guest';
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/**
 * The identity of the platform in `dataDir`, made for a new platform; `.wskprops` is written with the current `apihost`.
 * @param isNew whether the platform's store is new: what an old one holds belongs to its old key
 * @throws Error when the key is lost or is none
 */
export function loadIdentity(dataDir: string, apihost: string, isNew: boolean): Identity {
  const file = path.join(dataDir, KEY_FILE);
  if (!existsSync(file)) {
    if (!isNew) {
      throw new Error(
        `${file} is missing, and with it the key that everything here was deployed with. Put it back (one line, UUID:KEY; a ` +
          `copy of AUTH in ${WSKPROPS_FILE} will do), or delete ${dataDir} to start afresh.`,
      );
    }
    writePrivateFile(file, `${makeKey(dataDir)}\n`);
  }
  const auth = readFileSync(file, 'utf8').trim();
  const [, uuid, key] = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):(\S{32,})$/.exec(auth) ?? [];
  if (!uuid || !key)
    throw new Error(`${file} does not hold a key (UUID:KEY). AUTH in ${WSKPROPS_FILE} may still have it.`);
  writePrivateFile(path.join(dataDir, WSKPROPS_FILE), formatWskprops(apihost, auth));
  return { subject: NAMESPACE, namespace: NAMESPACE, uuid, key };
}

function makeKey(dataDir: string): string {
  const folder = createHash('sha256').update(realpathSync(dataDir)).digest('hex').slice(0, 8);
  const uuid = `${folder}${randomUUID().slice(8)}`;
  return `${uuid}:${Array.from({ length: 64 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')}`;
}

/** `wsk api` insists on APIGW_ACCESS_TOKEN being there; any text will do. */
function formatWskprops(apihost: string, auth: string): string {
  return `APIHOST=${apihost}\nAUTH=${auth}\nNAMESPACE=_\nAPIVERSION=v1\nAPIGW_ACCESS_TOKEN=none\n`;
}
