/** The key of an OpenWhisk that the stack did not make itself: whoever uses it has it, as `wsk` does. */
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { askForProof } from '@pdfmagic/openwhisk/server-proof';
import { KEY_FILE, readProperties, WSKPROPS_FILE } from '../../infra/targets/local/platform-file';
import { Failure } from '../failure';

/** Environment variable with a key, `UUID:KEY`. */
const VARIABLE = 'OPENWHISK_AUTH';

/**
 * The environment's, else that of the first `.wskprops` which is for just this API host: a key goes to nobody else.
 * That of a platform on this machine has to be proven by what answers there: another program may have its port by now.
 * @param dataDir the data folder of the platform on this machine
 * @throws Failure when there is none, or when what answers is not the platform whose key it is
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
    if (host === undefined || auth === undefined || originOf(host) !== originOf(apihost)) continue;
    const dir = path.dirname(path.resolve(file));
    if (existsSync(path.join(dir, KEY_FILE))) await requirePlatform(apihost, auth, dir);
    return checked(auth, file);
  }
  throw new Failure(
    `No key for ${apihost} was found.`,
    `Set ${VARIABLE}=UUID:KEY, or save it with \`wsk property set --apihost ${apihost} --auth UUID:KEY\`. ` +
      'A stack that created its own OpenWhisk has the key in its outputs: `pulumi stack output --json --show-secrets`.',
  );
}

/** @throws Failure unless the platform of the data folder `dir` answers at `apihost` */
async function requirePlatform(apihost: string, auth: string, dir: string): Promise<void> {
  const proof = await askForProof(apihost, auth);
  if (proof === 'proven') return;
  const hint = '`npm start` or `npm run platform` starts it.';
  if (proof === 'silent') throw new Failure(`The local platform of ${dir} is not running.`, hint);
  throw new Failure(
    `The program that answers at ${apihost} is not the local platform of ${dir}, so the key is not sent.`,
    `Stop the program that has taken its port. ${hint}`,
  );
}

function checked(key: string, from: string): string {
  if (/^[^\s:]+:\S+$/.test(key)) return key;
  throw new Failure(`${from} does not hold an OpenWhisk key.`, 'A key is UUID:KEY, on one line.');
}

/** `wsk` takes a host without `https://`, too. */
function originOf(host: string): string {
  const text = /^https?:\/\//.test(host) ? host : `https://${host}`;
  return URL.canParse(text) ? new URL(text).origin : text;
}
