/** Whatever is sent: an answer, soon, and never a 500. */
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Json, JsonObject } from '../../ground/json';
import { readAt } from '../../platform/openwhisk/web/json-value';
import { appWith, basic, GUEST, jsonOf, ORIGIN } from './fake-core';
import { apidoc, managementOf, swagger } from './management-client';

const echo = { run: (payload: JsonObject) => ({ body: payload }) };
const { app, core } = appWith({ 'guest/echo': echo, 'guest/raw': { ...echo, annotations: { 'raw-http': true } } });
const WEB = `${ORIGIN}/api/v1/web/guest/default`;
const API = `${ORIGIN}/api/${GUEST.uuid}`;
const management = managementOf(app);

const complaints = vi.spyOn(console, 'error').mockImplementation(() => undefined);
beforeAll(async () => {
  for (const path of ['/a', '/a/{id}'])
    expect((await management.create({ path, verb: 'post', type: 'http' })).status).toBe(200);
});
afterEach(() => expect(complaints.mock.calls).toEqual([]));
afterAll(() => complaints.mockRestore());

const METHODS = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD');
const ascii = fc.string({ unit: fc.constantFrom(...'%%%2fFz0&=+;/.{}[]"\\:,*#?@ \t~é'.split('')), maxLength: 60 });
const headerText = fc.string({ unit: 'binary-ascii', maxLength: 40 }).map((text) => text.replace(/[^ -~]/g, ''));

/** What is varied of a request. */
interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

const request: fc.Arbitrary<Sent> = fc.record({
  method: METHODS,
  path: ascii.map((text) => text.replace(/[#\s]/g, '')),
  headers: fc.dictionary(
    fc.constantFrom('accept', 'content-type', 'authorization', 'x-request-id', 'origin', 'x-require-whisk-auth'),
    headerText,
  ),
  body: fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.json().map((text) => Buffer.from(text)),
    fc.json().map((text) => Buffer.from(text.slice(0, -1))),
  ),
});

/** Sends one and returns its status; a body only where one may be. */
async function statusOf(url: string, { method, headers, body }: Sent): Promise<number> {
  const sent = method === 'GET' || method === 'HEAD' ? {} : { body: Buffer.from(body) };
  const response = await app.request(new Request(url, { method, headers, ...sent }));
  await response.arrayBuffer();
  return response.status;
}

describe('web actions', () => {
  it('answer any path, query, header and body', async () => {
    await fc.assert(
      fc.asyncProperty(
        request,
        fc.constantFrom('echo', 'raw', 'none'),
        fc.constantFrom('', '/', '?'),
        async (sent, name, by) => {
          expect(await statusOf(`${WEB}/${name}${by}${sent.path}`, sent)).toBeLessThan(500);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('answer any path below their prefix', async () => {
    await fc.assert(
      fc.asyncProperty(request, async (sent) => {
        expect(await statusOf(`${ORIGIN}/api/v1/web/${sent.path}`, sent)).toBeLessThan(500);
      }),
      { numRuns: 200 },
    );
  });

  it.each<[string, string, string]>([
    ['JSON nested a hundred thousand deep', 'application/json', '['.repeat(100_000)],
    ['balanced JSON as deep', 'application/json', `${'['.repeat(2_000)}1${']'.repeat(2_000)}`],
    ['half a string', 'application/json', '{"a":"\\u12'],
    ['a form with a broken escape', 'application/x-www-form-urlencoded', 'a=%zz'],
  ])('refuse %s', async (_what, type, body) => {
    const response = await app.request(`${WEB}/echo`, { method: 'POST', headers: { 'content-type': type }, body });
    expect(response.status).toBe(400);
    expect((await jsonOf(response)).error).toMatch(/^The request content was malformed:\n/);
  });

  it('say where a path cannot be decoded', async () => {
    expect((await jsonOf(app.request(`${WEB}/echo/%zz`))).error).toContain("Illegal percent-encoding in '%zz'");
    expect((await jsonOf(app.request(`${ORIGIN}/api/v1/web/gu%est/default/echo`))).error).toContain(
      'Illegal request-target',
    );
  });

  it('take a query of a hundred thousand parameters', async () => {
    const query = Array.from({ length: 100_000 }, (_, n) => `k${n}=${n}`).join('&');
    expect((await app.request(`${WEB}/echo?${query}`)).status).toBe(200);
  });

  it('interpret any result without breaking', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.jsonValue(),
          fc.record(
            {
              statusCode: fc.oneof(fc.integer(), fc.string(), fc.integer({ min: 90, max: 700 })),
              headers: fc.oneof(
                fc.jsonValue(),
                fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.array(fc.string()))),
              ),
              body: fc.oneof(fc.jsonValue(), fc.string(), fc.base64String()),
            },
            { requiredKeys: [] },
          ),
        ),
        fc.constantFrom('', '.json', '.html', '.text', '.svg'),
        fc.constantFrom(0, 1, 2, 3),
        async (result, extension, statusCode) => {
          const { app: other } = appWith({
            'guest/a': {
              run: () => ({ statusCode: statusCode as 0, result: JSON.parse(JSON.stringify(result)) as Json }),
            },
          });
          const response = await other.request(`/api/v1/web/guest/default/a${extension}`);
          await response.arrayBuffer();
          // A 5xx can only be one that the action asked for.
          const path = statusCode === 1 ? ['error', 'statusCode'] : ['statusCode'];
          const asked = readAt(JSON.parse(JSON.stringify(result)), ...path);
          if (response.status >= 500) expect(Number(asked)).toBe(response.status);
          if (statusCode > 1) expect(response.status).toBe(400);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('the gateway', () => {
  it('answers any path, header and body of traffic', async () => {
    await fc.assert(
      fc.asyncProperty(request, fc.constantFrom('/b/a', '/b/a/', '/'), async (sent, base) => {
        expect(await statusOf(`${API}${base}${sent.path}`, sent)).toBeLessThan(500);
      }),
      { numRuns: 300 },
    );
  });

  it('answers any call of its management with 502 and a sentence, or does it', async () => {
    const noise = fc.jsonValue().map((value): Json => JSON.parse(JSON.stringify(value)));
    const keys = [
      'namespace',
      'gatewayBasePath',
      'gatewayPath',
      'gatewayMethod',
      'action',
      'swagger',
      'pathParameters',
      'apiName',
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...keys),
        fc.constantFrom('http', 'json'),
        noise,
        async (key, responsetype, value) => {
          const given = { ...apidoc({ path: '/x/{id}' }), [key]: value };
          const { status, body } = await management.call('POST', 'createApi', { responsetype }, { apidoc: given });
          expect([200, 502]).toContain(status);
          if (status === 502) expect(body.error).toMatch(/\w+/);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('takes or refuses any document, and answers its traffic', async () => {
    const part = fc.constantFrom('swagger', 'info', 'basePath', 'paths', 'x-ibm-configuration', 'securityDefinitions');
    const target = `${ORIGIN}/api/v1/web/guest/default/echo.json`;
    await fc.assert(
      fc.asyncProperty(part, fc.jsonValue(), fc.jsonValue(), async (name, value, inner) => {
        const paths = { [`/${JSON.stringify(value)}`]: { get: inner, x: value } };
        const changed = JSON.parse(JSON.stringify({ ...swagger(target), [name]: name === 'paths' ? paths : value }));
        expect([200, 502]).toContain((await management.createFrom(changed)).status);
        expect((await app.request(`${API}/b/one`)).status).toBeLessThan(600);
        expect((await management.get()).status).toBe(200);
      }),
      { numRuns: 200 },
    );
  });

  it('is not fooled by a login that is none', async () => {
    for (const authorization of ['Basic', 'Basic !!!', 'Bearer x', `${basic(GUEST)}x`]) {
      const response = await app.request(
        `${ORIGIN}/api/v1/web/whisk.system/apimgmt/getApi?accesstoken=x&spaceguid=${GUEST.uuid}`,
        {
          headers: { authorization },
        },
      );
      expect([response.status, (await jsonOf(response)).error]).toEqual([502, 'Invalid authentication.']);
    }
    expect(core.payloads.length).toBeGreaterThan(0);
  });
});
