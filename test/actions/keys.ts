/** Service-account keys of nobody, for the tests. */
import { generateKeyPairSync } from 'node:crypto';

/** A new key as Google's JSON has it, and its public half. `tokenUri`: where tokens for it are to be had. */
export function newServiceAccount(tokenUri = 'https://oauth2.googleapis.com/token', modulusLength = 2048) {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const key = {
    type: 'service_account',
    project_id: 'pdfmagic',
    private_key: privateKey,
    client_email: 'somebody@pdfmagic.iam.gserviceaccount.com',
    token_uri: tokenUri,
  };
  return { key, publicKey };
}
