import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../ground/json';
import { intervalOf } from '../../platform/openwhisk/gateway/admission';
import { mountGateway } from '../../platform/openwhisk/gateway/mount-gateway';
import type { ServerEnv } from '../../platform/openwhisk/http-request';
import { appWith, GUEST, jsonOf, ORIGIN, OTHER } from './fake-core';
import { managementOf, type Operation, swagger } from './management-client';

const echo = { run: (payload: JsonObject) => ({ body: payload, text: String(payload.__ow_path) }) };
const ACTIONS = {
  'guest/echo': echo,
  'guest/pkg/locked': { ...echo, annotations: { 'require-whisk-auth': 's3cret' } },
};

/** An app with these operations, and a way to call it below the tenant. */
async function gatewayWith(...operations: Operation[]) {
  const { app } = appWith(ACTIONS);
  const management = managementOf(app);
  for (const operation of operations) expect((await management.create(operation)).status).toBe(200);
  const call = (path: string, init?: RequestInit) => app.request(`${ORIGIN}/api/${GUEST.uuid}${path}`, init);
  return { app, management, call, path: async (path: string) => (await jsonOf(call(path))).__ow_path };
}

const http = (path: string, more: Partial<Operation> = {}): Operation => ({ path, type: 'http', ...more });

describe('a route', () => {
  it('calls the web action with everything of the request', async () => {
    const { call } = await gatewayWith(http('/pdf', { verb: 'post' }));
    const response = await call('/b/pdf?x=1', {
      method: 'POST',
      headers: { 'content-type': 'image/jpeg' },
      body: 'ab',
    });
    expect(await jsonOf(response)).toMatchObject({
      __ow_method: 'post',
      __ow_path: '/b/pdf',
      __ow_body: 'YWI=',
      __ow_headers: { 'content-type': 'image/jpeg', 'x-forwarded-url': `${ORIGIN}/api/${GUEST.uuid}/b/pdf?x=1` },
      x: '1',
    });
    expect(response.headers.get('x-openwhisk-activation-id')).toMatch(/^[0-9a-f]{32}$/);
  });

  it('answers in its response type; only http gets the path', async () => {
    const { call } = await gatewayWith({ path: '/t', type: 'text' }, { path: '/j', type: 'json' });
    expect((await call('/b/t')).headers.get('content-type')).toBe('text/plain; charset=UTF-8');
    expect(await jsonOf(call('/b/j'))).toMatchObject({ body: { __ow_path: '' } });
  });

  it('sends the secure key, which a caller cannot replace', async () => {
    const { call } = await gatewayWith(
      http('/s', { action: 'pkg/locked', secureKey: 's3cret' }),
      http('/n', { action: 'pkg/locked' }),
    );
    expect((await call('/b/s', { headers: { 'x-require-whisk-auth': 'mine' } })).status).toBe(200);
    expect((await call('/b/n')).status).toBe(401);
  });

  it('is found by the exact path, then by a parameter, then by the nearest path above', async () => {
    const { path } = await gatewayWith(
      http('/{id}'),
      http('/book'),
      http('/book/{isbn}'),
      http('/book/{isbn}/page/{n}'),
    );
    expect(await path('/b/book')).toBe('/b/book');
    expect(await path('/b/7')).toBe('/b/7');
    expect(await path('/b/book/978/page/5')).toBe('/b/book/978/page/5');
    expect(await path('/b/book/978/cover/x%20y')).toBe('/b/book/978/cover/x%20y');
  });

  it('prefers the path with more literal parts, whatever came first', async () => {
    const { app, call } = await gatewayWith(http('/{a}/{b}'), http('/x/{b}', { action: 'pkg/locked' }));
    expect((await call('/b/x/y')).status).toBe(401);
    expect((await call('/b/z/y')).status).toBe(200);
    expect((await app.request(`/api/${GUEST.uuid}`)).status).toBe(404);
  });

  it('hands on what lies beyond the path when the target does not take the whole', async () => {
    const { call } = await gatewayWith({ path: '/t', type: 'text' });
    const { app } = appWith({ 'guest/echo': { run: (payload) => ({ text: payload.__ow_path ?? '' }) } });
    expect((await managementOf(app).create({ path: '/t', type: 'text' })).status).toBe(200);
    expect(await (await app.request(`/api/${GUEST.uuid}/b/t/more/x%2Fy`)).text()).toBe('/more/x%2Fy');
    expect((await call('/b/t')).status).toBe(200);
  });

  it('is found when the tenant is written with percent signs', async () => {
    const { app } = await gatewayWith(http('/a'));
    expect((await app.request(`/api/%${GUEST.uuid.charCodeAt(0).toString(16)}${GUEST.uuid.slice(1)}/b/a`)).status).toBe(
      200,
    );
  });

  it('of the root is one like any other', async () => {
    const { path } = await gatewayWith(
      http('/hello', { base: '/' }),
      http('/', { base: '/' }),
      http('/', { base: '/deep/base' }),
    );
    expect(await path('/hello')).toBe('/hello');
    expect(await path('/')).toBe('/');
    expect(await path('/deep/base')).toBe('/deep/base');
  });

  it('is gone at once when it is deleted', async () => {
    const { management, call } = await gatewayWith(http('/a'), http('/c'));
    await management.remove({ basepath: '/b', relpath: '/a' });
    expect([(await call('/b/a')).status, (await call('/b/c')).status]).toEqual([404, 200]);
  });
});

describe('what is not there', () => {
  it.each(['/none', '/b', '/', ''])('%j is 404 in the gateway’s words', async (path) => {
    const { call } = await gatewayWith(http('/a'));
    const response = await call(path);
    expect([response.status, await response.text()]).toEqual([404, '{"status":404,"message":"Error: Not found."}']);
  });

  it('is also what another tenant has, and a verb nobody made', async () => {
    const { app, call } = await gatewayWith(http('/a'));
    expect((await app.request(`/api/${OTHER.uuid}/b/a`)).status).toBe(404);
    expect(await jsonOf(call('/b/a', { method: 'POST' }))).toEqual({
      status: 404,
      message: 'Error: Whoops. Verb not supported.',
    });
  });
});

describe('CORS', () => {
  it('is answered by the gateway for any origin, and its headers replace the action’s', async () => {
    const { call } = await gatewayWith(http('/a'));
    const headers = { origin: 'http://example.com', 'access-control-request-headers': 'x-a' };
    const preflight = await call('/b/a', { method: 'OPTIONS', headers });
    expect([preflight.status, await preflight.text()]).toEqual([200, '']);
    expect(preflight.headers.get('access-control-allow-headers')).toBe('x-a');
    expect(preflight.headers.get('access-control-allow-origin')).toBe('http://example.com');
    expect((await call('/b/a')).headers.get('access-control-allow-origin')).toBe('*');
  });

  it('is forbidden by a document that says so', async () => {
    const { app } = appWith(ACTIONS);
    const document = swagger(`${ORIGIN}/api/v1/web/guest/default/echo.json`);
    const configuration = { ...(document['x-ibm-configuration'] as JsonObject), cors: { enabled: false } };
    expect((await managementOf(app).createFrom({ ...document, 'x-ibm-configuration': configuration })).status).toBe(
      200,
    );
    const response = await app.request(`/api/${GUEST.uuid}/b/one`);
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([200, null]);
  });
});

describe('a document', () => {
  const TARGET = `${ORIGIN}/api/v1/web/guest/default/echo.json`;
  const statusOf = async (changes: JsonObject, headers: Record<string, string>[] = [{}]) => {
    const { app } = appWith(ACTIONS);
    expect((await managementOf(app).createFrom(swagger(TARGET, changes))).status).toBe(200);
    const answers: unknown[] = [];
    for (const each of headers) {
      const response = await app.request(`/api/${GUEST.uuid}/b/one`, { headers: each });
      answers.push([response.status, (await jsonOf(response)).message]);
    }
    return answers;
  };
  const definitions = (securityDefinitions: JsonObject) => ({ securityDefinitions });

  it('whose security asks for a key lets nobody in, since nobody can have subscribed', async () => {
    const apiKey = { type: 'apiKey', in: 'header', name: 'X-Key' };
    const denied = [401, 'Error: Unauthorized'];
    expect(await statusOf(definitions({ key: apiKey }), [{}, { 'x-key': 'any' }])).toEqual([denied, denied]);
    const client = { client_id: { ...apiKey, name: 'X-Id' }, client_secret: { ...apiKey, name: 'X-Secret' } };
    expect(await statusOf(definitions(client), [{}, { 'x-id': 'a' }, { 'x-id': 'a', 'x-secret': 'b' }])).toEqual([
      [401, 'Error: X-Id required'],
      [401, 'Error: X-Secret required'],
      [401, 'Error: Secret mismatch or not subscribed to this api.'],
    ]);
  });

  it('whose security asks for a token believes none', async () => {
    const bearer = [{}, { authorization: 'Bearer abc' }];
    expect(await statusOf(definitions({ google: { type: 'oauth2' } }), bearer)).toEqual([
      [401, 'Error: No Authorization header provided'],
      [401, "Error: OAuth token didn't work or provider doesn't support OpenID connect"],
    ]);
    expect((await statusOf(definitions({ nobody: { type: 'oauth2' } }), bearer))[1]).toEqual([
      500,
      'Error: Error loading OAuth provider authentication module',
    ]);
  });

  it('whose security the gateway does not know is open, as there', async () => {
    expect(await statusOf(definitions({ basic: { type: 'basic' } }))).toEqual([[200, undefined]]);
    expect(await statusOf(definitions({}))).toEqual([[200, undefined]]);
  });

  it('with a rate limit lets one call in for each of its intervals', async () => {
    const limited = { 'x-ibm-rate-limit': [{ rate: 2, unit: 'hour', units: 1 }] };
    const denied = [429, 'Error: Rate limit exceeded'];
    expect(await statusOf(limited, [{}, {}, {}])).toEqual([[200, undefined], denied, denied]);
    expect(intervalOf(limited)).toBe(1_800_000);
    expect(intervalOf({ 'x-gateway-rate-limit': [{ rate: 10, units: 1 }] })).toBe(6000);
    expect(intervalOf({ 'x-ibm-rate-limit': [] })).toBeUndefined();
  });

  it('is carried out by the gateway’s own configuration, where it has one', async () => {
    const invoke = { 'target-url': `${ORIGIN}/api/v1/web/guest/pkg/locked.json`, verb: 'keep' };
    const own = { assembly: { execute: [{ invoke }] }, cors: { enabled: false } };
    expect((await statusOf({ 'x-gateway-configuration': own }))[0]).toEqual([401, undefined]);
  });
});

describe('a target', () => {
  const statusOf = async (target: string) => {
    const { app } = appWith(ACTIONS);
    expect((await managementOf(app).createFrom(swagger(target))).status).toBe(200);
    const response = await app.request(`/api/${GUEST.uuid}/b/one`);
    return [response.status, (await jsonOf(response)).message];
  };

  it('that is a web action of this server is called', async () => {
    expect((await statusOf(`${ORIGIN}/api/v1/web/guest/default/echo.json`))[0]).toBe(200);
    expect((await statusOf(`${ORIGIN}/api/v1/web/guest/default/echo.http$(request.path)`))[0]).toBe(200);
  });

  it('stays this server’s when it comes back on another port', async () => {
    const { app, core } = appWith(ACTIONS);
    expect((await managementOf(app).create(http('/a'))).status).toBe(200);
    const moved = new Hono<ServerEnv>();
    mountGateway(moved, core, () => 'http://127.0.0.1:4000');
    expect((await moved.request(`http://127.0.0.1:4000/api/${GUEST.uuid}/b/a`)).status).toBe(200);
  });

  const WEB = 'api/v1/web/guest/default/echo.json';
  it.each([
    `https://http://127.0.0.1:3233/${WEB}`,
    `https://https://openwhisk.example.com/${WEB}`,
    `http://example.com/${WEB}`,
    `http://127.0.0.1:1/${WEB}`,
    `http://127.0.0.1:3233@example.com/${WEB}`,
    `openwhisk.example.com:443/${WEB}`,
  ])('is this server’s own, whatever its host and scheme: %s', async (target) => {
    expect((await statusOf(target))[0]).toBe(200);
    expect((await statusOf(target.replace('.json', '.http$(request.path)')))[0]).toBe(200);
  });

  it.each([
    `file:///${WEB}`,
    'nonsense',
    'https://',
    'http://example.com',
    'http://example.com/',
    'http://example.com/x',
  ])('that is no web action is refused, never asked: %s', async (target) => {
    expect(await statusOf(target)).toEqual([502, expect.stringContaining('The gateway forwards nowhere else')]);
  });

  it.each(['/', '/api/v1/namespaces/guest/actions/echo', '/api/v1/web/guest/../..//echo.json'])(
    'of this server that is no web action is refused: %s',
    async (path) => {
      expect(await statusOf(`${ORIGIN}${path}`)).toEqual([502, expect.stringContaining('not a web action')]);
    },
  );
});
