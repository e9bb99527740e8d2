import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Storage as Client, type GetSignedUrlConfig } from '@google-cloud/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Storage, startStorage } from '../../platform/storage/start-storage';

const PAGE = 'http://127.0.0.1:3233';
const MINUTE = 60_000;

describe('the page of the API host at the storage emulator', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-web-pages-'));
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  let storage: Storage;
  let client: Client;

  beforeAll(async () => {
    storage = await startStorage({ dataDir: folder, port: 0, page: PAGE });
    const credentials = { client_email: 'page@example.org', private_key: privateKey };
    client = new Client({ apiEndpoint: storage.endpoint, projectId: 'pdfmagic', credentials });
    await new Client({ apiEndpoint: storage.endpoint, projectId: 'pdfmagic' }).createBucket('inbox');
  });
  afterAll(async () => {
    await storage?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A URL signed by Google's own client. */
  async function signed(action: 'read' | 'write', more: Partial<GetSignedUrlConfig> = {}): Promise<string> {
    const config = { version: 'v4', action, expires: Date.now() + 10 * MINUTE, ...more } as const;
    const [url] = await client.bucket('inbox').file('page/1/ä photo.jpg').getSignedUrl(config);
    return url;
  }
  const ask = (url: string, method: string, headers: Record<string, string> = {}, body?: string) =>
    fetch(url, { method, headers: { origin: PAGE, 'sec-fetch-site': 'same-site', ...headers }, ...(body && { body }) });
  const ahead = (method: string) => ({
    'access-control-request-method': method,
    'access-control-request-headers': 'content-type,x-goog-content-length-range',
  });

  it('puts a file by a signed URL, and gets it by another', async () => {
    const type = 'image/jpeg';
    const put = await signed('write', { contentType: type });
    const preflight = await ask(put, 'OPTIONS', ahead('PUT'));
    expect(preflight.status).toBe(204);
    expect(Object.fromEntries(preflight.headers)).toMatchObject({
      'access-control-allow-origin': PAGE,
      'access-control-allow-methods': expect.stringContaining('PUT'),
      'access-control-allow-headers': 'content-type,x-goog-content-length-range',
    });
    const stored = await ask(put, 'PUT', { 'content-type': type }, 'a photo');
    expect(stored.status).toBe(200);
    expect(stored.headers.get('access-control-allow-origin')).toBe(PAGE);
    const got = await ask(await signed('read'), 'GET');
    expect([got.status, got.headers.get('content-type'), await got.text()]).toEqual([200, type, 'a photo']);
    expect(got.headers.get('access-control-allow-origin')).toBe(PAGE);
  });

  it('is told what went wrong: a refusal carries the headers that let it read it', async () => {
    const url = (await signed('read')).replace('photo', 'nothing');
    const answer = await ask(url, 'GET');
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([404, PAGE]);
  });

  it.each([
    ['of another origin', { origin: 'https://example.com' }],
    ['of a page with no origin', { origin: 'null' }],
    ['of another port', { origin: 'http://127.0.0.1:3234' }],
  ])('turns away a page %s, signed URL or not', async (_, headers) => {
    for (const method of ['PUT', 'OPTIONS']) {
      const answer = await ask(await signed('write'), method, { ...ahead('PUT'), ...headers });
      expect([method, answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([method, 403, null]);
    }
  });

  const changed: [string, (url: string) => string][] = [
    ['without a signature', (url) => url.replace(/&X-Goog-Signature=[^&]*/, '')],
    ['with two of them', (url) => `${url}&X-Goog-Signature=${'0'.repeat(64)}`],
    ['with no query', (url) => url.replace(/\?.*/, '')],
    ['that is to hold for ever', (url) => url.replace(/X-Goog-Expires=\d+/, 'X-Goog-Expires=99999999')],
    ['that expired', (url) => url.replace(/X-Goog-Date=\d{4}/, 'X-Goog-Date=2020')],
    ['of a time to come', (url) => url.replace(/X-Goog-Date=\d{4}/, 'X-Goog-Date=2090')],
    ['of no time', (url) => url.replace(/X-Goog-Date=[^&]*/, 'X-Goog-Date=soon')],
    ['of another version', (url) => url.replace('GOOG4-RSA-SHA256', 'GOOG1-RSA-SHA256')],
    ['of a listing', (url) => url.replace(/\/inbox\/.*\?/, '/storage/v1/b/inbox/o?')],
    [
      'of an object by the JSON API',
      (url) => url.replace(/\/inbox\/.*\?/, '/download/storage/v1/b/inbox/o/x?alt=media&'),
    ],
    ['of a bucket', (url) => url.replace(/\/inbox\/.*\?/, '/inbox?')],
  ];
  it.each(changed)('turns it away with a URL %s', async (_, change) => {
    const answer = await ask(change(await signed('read')), 'GET');
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([403, null]);
  });

  it.each(['DELETE', 'POST', 'PATCH'])('may not %s', async (method) => {
    const url = await signed('write');
    expect((await ask(url, method)).status).toBe(403);
    expect((await ask(url, 'OPTIONS', ahead(method))).status).toBe(403);
  });
});
