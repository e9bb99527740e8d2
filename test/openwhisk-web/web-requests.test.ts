import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../ground/json';
import { appWith, basic, GUEST, jsonOf } from './fake-core';

const echo = { run: (payload: JsonObject) => ({ body: payload }) };
const { app } = appWith({
  'guest/echo': echo,
  'guest/pkg/echo': echo,
  'guest/raw': { ...echo, annotations: { 'raw-http': true } },
  'guest/final': { ...echo, annotations: { final: true }, parameters: { locked: 'in', open: null } },
  'guest/secret': { ...echo, annotations: { 'require-whisk-auth': 's3cret' } },
  'guest/login': { ...echo, annotations: { 'require-whisk-auth': true } },
  'guest/nobody': { ...echo, annotations: { 'require-whisk-auth': { odd: 1 } } },
  'guest/private': { ...echo, annotations: { 'web-export': false } },
  'guest/own-options': { ...echo, annotations: { 'web-custom-options': true, 'require-whisk-auth': 's3cret' } },
});
const WEB = '/api/v1/web/guest/default';

/** The action's argument for a request. */
async function argument(path: string, init: RequestInit = {}): Promise<JsonObject> {
  const response = await app.request(`${WEB}/${path}`, init);
  expect(response.status).toBe(200);
  return jsonOf(response);
}

const post = (type: string, body: string | Buffer<ArrayBuffer>): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': type },
  body,
});

describe('the argument of a web action', () => {
  it('tells method, headers and path, and no user without a key', async () => {
    const seen = await argument('echo', { method: 'DELETE', headers: { 'X-Custom': 'Value' } });
    expect(seen).toEqual({ __ow_method: 'delete', __ow_headers: { 'x-custom': 'Value' }, __ow_path: '' });
  });

  it('names the caller who sent a valid key', async () => {
    expect((await argument('echo', { headers: { authorization: basic(GUEST) } })).__ow_user).toBe('guest');
    expect(await argument('echo', { headers: { authorization: 'Basic bm9ib2R5' } })).not.toHaveProperty('__ow_user');
  });

  it.each([
    ['echo/', '/'],
    ['echo.http/sub/path?x=1', '/sub/path'],
    ['echo/a%20b/%C3%A9/%2F', '/a%20b/%C3%A9/%2F'],
    ['echo/%41%3a;v=1', '/A:;v=1'],
    ['echo//x', '//x'],
  ])('hands on the path of %s as %s', async (path, expected) => {
    expect((await argument(path)).__ow_path).toBe(expected);
  });

  it('decodes the query; of a repeated key the last value counts', async () => {
    expect(await argument('echo?x=1&y=2&y=3&z=a%20b+c&empty&%F0%9F%98%80=%e4')).toMatchObject({
      x: '1',
      y: '3',
      z: 'a b c',
      empty: '',
      '😀': '\ufffd',
    });
  });

  it('lays a JSON object over the query', async () => {
    const seen = await argument('echo?q=1&both=query', post('application/json', '{"both":"body","a":{"b":1}}'));
    expect(seen).toMatchObject({ q: '1', both: 'body', a: { b: 1 } });
  });

  it('keeps a parameter that is named like a part of every object', async () => {
    const seen = await argument('echo?__proto__=q&constructor=c', post('application/json', '{"toString":1}'));
    expect(Object.entries(seen)).toEqual(
      expect.arrayContaining([
        ['__proto__', 'q'],
        ['constructor', 'c'],
        ['toString', 1],
      ]),
    );
  });

  it.each<[string, string, string | Buffer<ArrayBuffer>, unknown]>([
    ['a JSON list', 'application/json', '[1,2]', [1, 2]],
    ['a JSON scalar', 'application/vnd.api+json', '5', 5],
    ['text', 'text/plain', 'plain text', 'plain text'],
    ['text with a charset', 'text/x-unheard-of; charset=utf-8', 'é', 'é'],
    ['an image', 'image/jpeg', Buffer.from([0xff, 0xd8]), '/9g='],
    ['a multipart form', 'multipart/form-data; boundary=x', '--x--', 'LS14LS0='],
    ['text of an unknown type', 'text/x-unheard-of', 'é', 'w6k='],
    ['a malformed type', 'no type', 'ab', 'YWI='],
  ])('has %s in __ow_body', async (_what, type, body, expected) => {
    expect((await argument('echo', post(type, body))).__ow_body).toEqual(expected);
  });

  it('takes a form apart; of a repeated field the last value counts', async () => {
    const seen = await argument('echo', post('application/x-www-form-urlencoded', 'f=1&g=two+words&f=last%21'));
    expect(seen).toMatchObject({ f: 'last!', g: 'two words' });
    expect(seen).not.toHaveProperty('__ow_body');
  });

  it('calls bytes without a type application/octet-stream', async () => {
    const response = await app.request(
      new Request(`http://x${WEB}/echo`, { method: 'POST', body: new Uint8Array([1]) }),
    );
    expect(await jsonOf(response)).toMatchObject({
      __ow_body: 'AQ==',
      __ow_headers: { 'content-type': 'application/octet-stream' },
    });
  });

  it('has no body when none was sent, and an empty one when an image of no bytes was', async () => {
    expect(
      await argument('echo', { method: 'POST', headers: { 'content-type': 'application/json' } }),
    ).not.toHaveProperty('__ow_body');
    expect((await argument('echo', post('image/jpeg', ''))).__ow_body).toBe('');
  });

  it('is unparsed with raw-http: the query as text, JSON as base64', async () => {
    expect(await argument('raw?z=1&y=a%20b&__ow_method=x', post('application/json', '{"a":1}'))).toMatchObject({
      __ow_method: 'post',
      __ow_query: 'z=1&y=a%20b&__ow_method=x',
      __ow_body: 'eyJhIjoxfQ==',
    });
    expect(await argument('raw')).toMatchObject({ __ow_query: '', __ow_body: '' });
    expect((await argument('raw', post('application/x-www-form-urlencoded', 'a=1'))).__ow_body).toBe('a=1');
  });
});

describe('what a caller cannot do', () => {
  it.each(['echo?__ow_user=guest', 'echo?__ow_path=x', 'final?locked=out'])('set what is not his: %s', async (path) => {
    const response = await app.request(`${WEB}/${path}`);
    expect(response.status).toBe(400);
    expect((await jsonOf(response)).error).toBe(
      'Request defines parameters that are not allowed (e.g., reserved properties).',
    );
  });

  it('set a reserved or final parameter by the body; one without a value is free', async () => {
    expect((await app.request(`${WEB}/echo`, post('application/json', '{"__ow_body":1}'))).status).toBe(400);
    expect((await app.request(`${WEB}/final`, post('application/json', '{"locked":1}'))).status).toBe(400);
    expect(await argument('final?open=1')).toMatchObject({ open: '1' });
  });

  it('call an action without what require-whisk-auth wants', async () => {
    const status = async (name: string, headers: Record<string, string>) =>
      (await app.request(`${WEB}/${name}`, { headers })).status;
    expect(await status('secret', {})).toBe(401);
    expect(await status('secret', { 'x-require-whisk-auth': 'bad' })).toBe(401);
    expect(await status('secret', { authorization: basic(GUEST) })).toBe(401);
    expect(await status('secret', { 'x-require-whisk-auth': 's3cret' })).toBe(200);
    expect(await status('login', { 'x-require-whisk-auth': 'true' })).toBe(401);
    expect(await status('login', { authorization: basic(GUEST) })).toBe(200);
    expect(await status('nobody', { authorization: basic(GUEST), 'x-require-whisk-auth': '[object Object]' })).toBe(
      401,
    );
  });

  it('tell a private action from a missing one', async () => {
    const answers = ['private', 'missing', 'echo.foo', 'echo.json.json'].map(async (name) => {
      const response = await app.request(`${WEB}/${name}`);
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
      return [response.status, (await jsonOf(response)).error];
    });
    expect(new Set((await Promise.all(answers)).map(String)).size).toBe(1);
    expect(await answers[0]).toEqual([404, 'The requested resource does not exist.']);
  });

  it('find a web action without a package: such a path is any path of the API', async () => {
    const response = await app.request('/api/v1/web/guest/echo');
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('OpenWhisk secure realm');
    const known = await app.request('/api/v1/web/guest/echo', { headers: { authorization: basic(GUEST) } });
    expect([known.status, (await jsonOf(known)).error]).toEqual([404, 'The requested resource could not be found.']);
  });
});

describe('OPTIONS', () => {
  it('is answered by the server, allowing the headers that were asked for', async () => {
    const response = await app.request(`${WEB}/secret`, {
      method: 'OPTIONS',
      headers: { 'access-control-request-headers': 'x-other' },
    });
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(response.headers.get('access-control-allow-headers')).toBe('x-other');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
  });

  it('is the action’s with web-custom-options, also without the secret; then no CORS header is added', async () => {
    const response = await app.request(`${WEB}/own-options`, { method: 'OPTIONS' });
    expect(await jsonOf(response)).toMatchObject({ __ow_method: 'options' });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect((await app.request(`${WEB}/own-options`)).status).toBe(401);
  });
});
