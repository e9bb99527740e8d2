/**
 * On GKE actions have no key: they are who the cluster's metadata server says, and Google signs URLs for them. Both are played here
 * (https://cloud.google.com/compute/docs/metadata/querying-metadata, https://cloud.google.com/iam/docs/reference/credentials/rest).
 */
import { createSign } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onPath, unless } from '../e2e/on-path';
import { type GoogleProxy, startProxy } from '../e2e/played-google/proxy';
import { deployed } from './deployed';
import { newServiceAccount } from './keys';
import { PythonAction } from './python-action';
import { isSignedFor } from './signed-url';

const OPENSSL = onPath('openssl', 'version');
const SIGNER = 'ada-signer@ada-lab-123456.iam.gserviceaccount.com';
const IDENTITY = JSON.stringify({ type: 'application-default', sign_as: SIGNER });
const TOKEN = 'token-of-the-pod';
const { key, publicKey } = newServiceAccount();

/** What a pod of GKE is told by its metadata server. */
const METADATA: Readonly<Record<string, unknown>> = {
  '/': '',
  '/computeMetadata/v1/project/project-id': 'ada-lab-123456',
  '/computeMetadata/v1/universe/universe-domain': 'googleapis.com',
  '/computeMetadata/v1/universe/universe_domain': 'googleapis.com',
  '/computeMetadata/v1/instance/service-accounts/default/': {
    email: 'ada-lab-123456.svc.id.goog',
    scopes: ['https://www.googleapis.com/auth/cloud-platform'],
  },
  '/computeMetadata/v1/instance/service-accounts/default/token': { access_token: TOKEN, expires_in: 3600 },
  '/computeMetadata/v1/instance/service-accounts/ada-lab-123456.svc.id.goog/token': {
    access_token: TOKEN,
    expires_in: 3600,
  },
};

describe.skipIf(!OPENSSL)(`an action without a key${unless(OPENSSL, 'openssl')}`, () => {
  let folder: string;
  let metadata: Server;
  let proxy: GoogleProxy;
  let upload: PythonAction;
  const asked: string[] = [];
  let maySign = true;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-identity-'));
    metadata = createServer((request, response) => {
      const answer = METADATA[new URL(request.url ?? '/', 'http://metadata').pathname];
      response.writeHead(answer === undefined ? 404 : 200, {
        'Metadata-Flavor': 'Google',
        'Content-Type': typeof answer === 'object' ? 'application/json' : 'text/plain',
      });
      response.end(typeof answer === 'object' ? JSON.stringify(answer) : String(answer ?? ''));
    });
    await new Promise<void>((resolve) => metadata.listen(0, '127.0.0.1', resolve));
    proxy = await startProxy(folder, ({ method, host, path: asks, body, headers }) => {
      asked.push(`${method} ${host}/${asks} ${headers.authorization}`);
      if (!maySign) return { status: 403, body: { error: { code: 403, message: 'Permission denied' } } };
      const signature = createSign('RSA-SHA256')
        .update(Buffer.from(String(body.payload), 'base64'))
        .sign(key.private_key);
      return { keyId: '1', signedBlob: signature.toString('base64') };
    });
    const host = `127.0.0.1:${(metadata.address() as AddressInfo).port}`;
    upload = await PythonAction.start('upload', {
      ...proxy.env,
      REQUESTS_CA_BUNDLE: proxy.env.SSL_CERT_FILE ?? '',
      GCE_METADATA_HOST: host,
      GCE_METADATA_IP: host,
    });
  }, 120_000);
  afterAll(async () => {
    await upload?.stop();
    proxy?.close();
    metadata?.close();
    rmSync(folder, { recursive: true });
  });

  const ask = () =>
    upload.run(
      deployed('upload', {
        'in-bucket': 'ada-in',
        'upload-key': IDENTITY,
        __ow_method: 'post',
        name: 'photo.jpg',
        contentType: 'image/jpeg',
        size: 5_000_000,
      }),
    );

  it('gives out URLs that Google has signed for it, as the account that may', async () => {
    const { statusCode, body } = await ask();
    expect(statusCode, JSON.stringify(body)).toBe(200);
    const { url, headers } = body as { url: string; headers: Record<string, string> };
    expect(new URL(url).searchParams.get('X-Goog-Credential')).toContain(SIGNER);
    expect(isSignedFor(url, publicKey, 'PUT', headers)).toBe(true);
    expect(asked).toEqual([`POST iamcredentials/projects/-/serviceAccounts/${SIGNER}:signBlob Bearer ${TOKEN}`]);
  });

  it('says that it lacks the right, where Google signs nothing', async () => {
    maySign = false;
    expect(await ask()).toMatchObject({
      statusCode: 502,
      body: { error: expect.stringContaining('having a URL signed') },
    });
  });
});
