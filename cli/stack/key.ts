/** The key of an OpenWhisk that the stack did not make itself: whoever uses it has it, as `wsk` does. */
import os from 'node:os';
import path from 'node:path';
import { readProperties, WSKPROPS_FILE } from '../../infra/platform-file';
import { Failure } from '../failure';

/** Environment variable with a key, `UUID:KEY`. */
const VARIABLE = 'OPENWHISK_AUTH';

/**
 * The environment's, else that of the first `.wskprops` which is for just this API host: a key goes to nobody else.
 * @param dataDir the data folder of the platform on this machine
 * @throws Failure when there is none
 */
export async function findKey(apihost: string, dataDir: string): Promise<string> {
  const given = process.env[VARIABLE];
  if (given !== undefined && given !== '') return checked(given, VARIABLE);
  const files = [
    process.env.WSK_CONFIG_FILE,
    path.join(dataDir, WSKPROPS_FILE),
    path.join(os.homedir(), WSKPROPS_FILE),
  ];
  for (const file of files) {
    if (file === undefined || file === '') continue;
    const properties = readProperties(file);
    const [host, auth] = [properties?.get('APIHOST'), properties?.get('AUTH')];
    if (host !== undefined && auth !== undefined && originOf(host) === originOf(apihost)) return checked(auth, file);
  }
  throw new Failure(
    `The key of ${apihost} is nowhere to be found.`,
    `Set ${VARIABLE}=UUID:KEY, or let \`wsk property set --apihost ${apihost} --auth UUID:KEY\` write it down. ` +
      'A stack that made its OpenWhisk itself has it in its outputs: `pulumi stack output --json --show-secrets`.',
  );
}

function checked(key: string, from: string): string {
  if (/^[^\s:]+:\S+$/.test(key)) return key;
  throw new Failure(`${from} holds no key of OpenWhisk.`, 'A key is UUID:KEY, in one line.');
}

/** `wsk` takes a host without `https://`, too. */
function originOf(host: string): string {
  const text = /^https?:\/\//.test(host) ? host : `https://${host}`;
  return URL.canParse(text) ? new URL(text).origin : text;
}
