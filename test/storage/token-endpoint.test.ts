import { createSign, generateKeyPairSync } from 'node:crypto';
import { Storage } from '@google-cloud/storage';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { routeTokens } from '../../platform/storage/token-endpoint';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const now = Math.floor(Date.now() / 1000);
const CLAIMS = { iss: 'demo@pdfmagic', scope: 'storage', aud: 'http://127.0.0.1/token', iat: now, exp: now + 3600 };

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

function assertion(claims: object = CLAIMS, header: object = { alg: 'RS256', typ: 'JWT' }): string {
  const text = `${encode(header)}.${encode(claims)}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url')}`;
}

async function ask(form: Record<string, string>, contentType = 'application/x-www-form-urlencoded') {
  const app = new Hono().route('/token', routeTokens());
  const answer = await app.request('/token', {
    method: 'POST',
    headers: { 'content-type': contentType },
    body: new URLSearchParams(form).toString(),
  });
  return {
    status: answer.status,
    cache: answer.headers.get('cache-control'),
    body: (await answer.json()) as Record<string, unknown>,
  };
}

describe('the token endpoint', () => {
  it('gives a short-lived bearer token for a signed assertion, another each time', async () => {
    const [first, second] = [
      await ask({ grant_type: GRANT, assertion: assertion() }),
      await ask({ grant_type: GRANT, assertion: assertion() }),
    ];
    expect(first).toMatchObject({ status: 200, cache: 'no-store', body: { token_type: 'Bearer', expires_in: 3599 } });
    expect(first.body.access_token).not.toBe(second.body.access_token);
  });

  it('serves the official client with a service-account key', async () => {
    const seen: (string | null)[] = [];
    const app = new Hono().route('/token', routeTokens());
    app.get('/storage/v1/b', (context) => {
      seen.push(context.req.header('authorization') ?? null);
      return context.json({ kind: 'storage#buckets', items: [] });
    });
    const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
    await new Promise<void>((resolve) => (server.listening ? resolve() : server.once('listening', resolve)));
    const address = server.address();
    const endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    const credentials = {
      type: 'service_account',
      client_email: 'demo@pdfmagic.iam.gserviceaccount.com',
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      private_key_id: 'k',
      token_uri: `${endpoint}/token`,
    };
    const form = { grant_type: GRANT, assertion: assertion() };
    const real = await fetch(credentials.token_uri, { method: 'POST', body: new URLSearchParams(form) });
    expect(real.status).toBe(200);
    await new Storage({ apiEndpoint: endpoint, projectId: 'p', credentials }).getBuckets();
    expect(seen).toHaveLength(1);
    server.close();
  });

  it.each<[string, Record<string, string>]>([
    ['unsupported_grant_type', { grant_type: 'password', assertion: assertion() }],
    ['invalid_request', { assertion: assertion() }],
    ['invalid_request', { grant_type: GRANT }],
    ['invalid_grant', { grant_type: GRANT, assertion: 'nonsense' }],
    ['invalid_grant', { grant_type: GRANT, assertion: 'a.b.c' }],
    ['invalid_grant', { grant_type: GRANT, assertion: `${encode({ alg: 'RS256' })}.${encode(CLAIMS)}.c2hvcnQ` }],
    ['invalid_grant', { grant_type: GRANT, assertion: assertion(CLAIMS, { alg: 'none' }) }],
    ['invalid_grant', { grant_type: GRANT, assertion: assertion(CLAIMS, { alg: 'HS256' }) }],
    ['invalid_grant', { grant_type: GRANT, assertion: assertion({ ...CLAIMS, iss: undefined }) }],
    ['invalid_grant', { grant_type: GRANT, assertion: assertion({ ...CLAIMS, aud: undefined }) }],
    ['invalid_grant', { grant_type: GRANT, assertion: assertion({ ...CLAIMS, iat: now - 7200, exp: now - 3600 }) }],
    ['invalid_grant', { grant_type: GRANT, assertion: assertion({ ...CLAIMS, exp: now + 86_400 }) }],
    ['invalid_grant', { grant_type: GRANT, assertion: assertion({ ...CLAIMS, exp: 'soon' }) }],
    ['invalid_scope', { grant_type: GRANT, assertion: assertion({ ...CLAIMS, scope: undefined }) }],
  ])('answers %s to a bad request (%#)', async (error, form) => {
    expect(await ask(form)).toMatchObject({ status: 400, body: { error, error_description: expect.any(String) } });
  });

  it('takes forms only, and no endless ones', async () => {
    expect(await ask({ grant_type: GRANT, assertion: assertion() }, 'application/json')).toMatchObject({ status: 400 });
    expect(await ask({ grant_type: GRANT, assertion: 'x'.repeat(100_000) })).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    });
  });
});
