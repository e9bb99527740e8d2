import { generateKeyPair, randomBytes, randomInt } from 'node:crypto';
import { promisify } from 'node:util';
import type { KeyInputs } from './key-inputs';

/** A service-account key as Google writes it: https://cloud.google.com/iam/docs/keys-create-delete#creating */
export interface KeyFile {
  readonly type: 'service_account';
  readonly project_id: string;
  /** 40 hexadecimal digits. */
  readonly private_key_id: string;
  /** RSA, 2048 bits, PKCS #8 in PEM. */
  readonly private_key: string;
  readonly client_email: string;
  /** 21 digits. */
  readonly client_id: string;
  readonly auth_uri: string;
  /** Where clients change a signed assertion for an access token; the emulator's own. */
  readonly token_uri: string;
  readonly universe_domain: string;
}

const RSA_BITS = 2048;

/** Makes a new key. Nobody but its owner knows it; an emulator asks for no registration. */
export async function makeKeyFile({ accountId, project, tokenUri }: KeyInputs): Promise<KeyFile> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: RSA_BITS,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return {
    type: 'service_account',
    project_id: project,
    private_key_id: randomBytes(20).toString('hex'),
    private_key: privateKey,
    client_email: emailOf({ accountId, project }),
    client_id: `1${Array.from({ length: 20 }, () => randomInt(10)).join('')}`,
    auth_uri: new URL('/o/oauth2/auth', tokenUri).href,
    token_uri: tokenUri,
    universe_domain: 'googleapis.com',
  };
}

/** The address of a service account. */
export function emailOf({ accountId, project }: Pick<KeyInputs, 'accountId' | 'project'>): string {
  return `${accountId}@${project}.iam.gserviceaccount.com`;
}
