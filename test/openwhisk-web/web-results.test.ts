import { describe, expect, it } from 'vitest';
import { DiskFullError } from '../../ground/disk-full';
import type { Json, JsonObject } from '../../ground/json';
import { appWith, type Ending, jsonOf } from './fake-core';

/** The answer for a result; `suffix` is extension, path and query. */
async function answer(result: Json | Ending, suffix = '', headers: Record<string, string> = {}): Promise<Response> {
  const { app } = appWith({ 'guest/a': { run: () => result } });
  return app.request(`/api/v1/web/guest/default/a${suffix}`, { headers });
}

const errorOf = async (response: Response) => [response.status, (await jsonOf(response)).error];

describe('.http', () => {
  it('sends status, headers and body of the result; a list of values becomes several headers', async () => {
    const proper = await answer({
      statusCode: 201,
      headers: { 'Content-Type': 'text/html', 'X-N': 7, 'X-T': true, 'Set-Cookie': ['a=1', 'b=2'] },
      body: 'hi',
    });
    expect([proper.status, await proper.text()]).toEqual([201, 'hi']);
    expect(proper.headers.get('content-type')).toBe('text/html; charset=UTF-8');
    expect([proper.headers.get('x-n'), proper.headers.get('x-t')]).toEqual(['7', 'true']);
    expect(proper.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(proper.headers.get('x-openwhisk-activation-id')).toMatch(/^[0-9a-f]{32}$/);
  });

  it.each<[string, JsonObject, number]>([
    ['nothing', {}, 204],
    ['an empty body', { body: '' }, 204],
    ['no body', { body: null }, 204],
    ['an empty body and a status', { statusCode: 200, body: '' }, 200],
    ['a redirect', { statusCode: '302', headers: { location: '/there' } }, 302],
    ['a body that may not be', { statusCode: 204, body: 'x' }, 204],
  ])('sends no body for %s', async (_what, result, status) => {
    const response = await answer(result);
    expect([response.status, await response.text(), response.headers.get('content-type')]).toEqual([status, '', null]);
  });

  it('decodes base64 of a binary type, and only then', async () => {
    const base64 = 'JVBERi0xLjQ=';
    const binary = await answer({ headers: { 'content-type': 'application/pdf' }, body: base64 });
    expect([binary.headers.get('content-type'), await binary.text()]).toEqual(['application/pdf', '%PDF-1.4']);
    expect(await (await answer({ body: base64 })).text()).toBe(base64);
    expect(await (await answer({ headers: { 'content-type': 'text/css' }, body: base64 })).text()).toBe(base64);
    const json = await answer({ headers: { 'content-type': 'application/json' }, body: 'eyJhIjoxfQ==' });
    expect(await json.json()).toEqual({ a: 1 });
  });

  it.each(['this is no base64!', 'abcde', 'YQ=', 'Y-_Q', 'YWI= '])('refuses %j as a binary body', async (body) => {
    expect(await errorOf(await answer({ headers: { 'content-type': 'image/png' }, body }))).toEqual([
      400,
      'Response type in header did not match generated content type.',
    ]);
  });

  it('sends other values as JSON, of a JSON type only', async () => {
    expect(await (await answer({ body: 5 })).json()).toBe(5);
    const problem = await answer({ headers: { 'content-type': 'application/problem+json' }, body: { a: [1] } });
    expect([problem.headers.get('content-type'), await problem.json()]).toEqual([
      'application/problem+json',
      { a: [1] },
    ]);
    expect((await answer({ headers: { 'content-type': 'text/html' }, body: { a: 1 } })).status).toBe(400);
  });

  it('says so when a text has a type that is none', async () => {
    expect(await errorOf(await answer({ headers: { 'content-type': 'none' }, body: 'x' }))).toEqual([
      400,
      'Response did not specify a known content-type.',
    ]);
  });

  it.each<[string, Json]>([
    ['a list', [1]],
    ['a status that is no number', { statusCode: 'many', body: 'x' }],
    ['a status that does not exist', { statusCode: 99999 }],
    ['a status that would not end the exchange', { statusCode: 100 }],
    ['a broken status', { statusCode: 200.5 }],
    ['headers that are a list', { headers: ['x'], body: 'x' }],
    ['a header that is an object', { headers: { a: {} }, body: 'x' }],
    ['a forged header', { headers: { a: 'b\r\nset-cookie: c=1' }, body: 'x' }],
    ['a header without a name', { headers: { '': 'b' }, body: 'x' }],
    ['a header whose name is none', { headers: { 'x-é': 'b' }, body: 'x' }],
  ])('refuses %s', async (_what, result) => {
    expect(await errorOf(await answer(result))).toEqual([400, "Response is not valid 'message/http'."]);
  });

  it('sends header values that are not ASCII as UTF-8', async () => {
    const value = (await answer({ headers: { 'x-name': 'Ökonomie €' }, body: 'x' })).headers.get('x-name') ?? '';
    expect(Buffer.from(value, 'latin1').toString('utf8')).toBe('Ökonomie €');
  });

  it('does not let an action speak for the transport', async () => {
    const response = await answer({ headers: { 'Content-Length': '1', 'Transfer-Encoding': 'chunked' }, body: 'long' });
    expect([response.headers.get('transfer-encoding'), await response.text()]).toEqual([null, 'long']);
  });
});

describe('other extensions', () => {
  const result = { text: 'T', html: '<b>H</b>', svg: '<svg/>', n: 1 };
  it.each([
    ['.json', 'application/json', JSON.stringify(result, null, 2)],
    ['.text/n', 'text/plain; charset=UTF-8', 'T'],
    ['.html', 'text/html; charset=UTF-8', '<b>H</b>'],
    ['.svg', 'image/svg+xml', '<svg/>'],
  ])('%s projects the result', async (extension, type, body) => {
    const response = await answer(result, extension);
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([200, type, body]);
  });

  it('take the body before the property of their name', async () => {
    expect(await (await answer({ body: 'B', text: 'T' }, '.text')).text()).toBe('B');
    expect(await (await answer({ text: { a: [1] } }, '.text')).text()).toBe('{\n  "a": [\n    1\n  ]\n}');
  });

  it('say what is missing or of a wrong kind', async () => {
    expect(await errorOf(await answer({ a: 1 }, '.text'))).toEqual([
      404,
      'Response does not include requested property.',
    ]);
    expect(await errorOf(await answer({ a: 1 }, '.html'))).toEqual([400, "Response is not valid 'text/html'."]);
    expect(await errorOf(await answer('text', '.json'))).toEqual([400, "Response is not valid 'application/json'."]);
  });
});

describe('an action that failed', () => {
  it('answers with its error as the HTTP message', async () => {
    const failed: Ending = { statusCode: 1, result: { error: { statusCode: 403, body: { no: 'entry' } } } };
    const response = await answer(failed);
    expect([response.status, await response.json()]).toEqual([403, { no: 'entry' }]);
    expect(await (await answer(failed, '.json')).json()).toEqual({ statusCode: 403, body: { no: 'entry' } });
  });

  it('is 400 when the error is text, and when it broke', async () => {
    expect(await errorOf(await answer({ statusCode: 1, result: { error: 'text' } }))).toEqual([
      400,
      "Response is not valid 'message/http'.",
    ]);
    const broken = await answer({ statusCode: 2, result: { error: 'at line 7 of main.py' } });
    expect(broken.headers.get('x-openwhisk-activation-id')).toMatch(/^[0-9a-f]{32}$/);
    expect(await errorOf(broken)).toEqual([400, 'There was an error processing your request.']);
  });

  it('is 507 with the reason when the disk of the platform is full, which no action can say in its place', async () => {
    const error = new DiskFullError('/data', 9_000_000).forCallers;
    expect(await errorOf(await answer({ statusCode: 3, result: { error } }))).toEqual([507, error]);
    for (const [statusCode, told] of [
      [2, error],
      [3, 'Failed to provision resources'],
    ] as const) {
      const other = await errorOf(await answer({ statusCode, result: { error: told } }));
      expect(other).toEqual([400, 'There was an error processing your request.']);
    }
  });
});

describe('Accept', () => {
  const html = { headers: { 'Content-Type': 'text/html' }, body: '<p>x</p>' };
  it.each(['*/*', 'text/*', 'text/html', 'text/html;q=0.1, image/png', 'nonsense', '', 'TEXT/HTML', '*'])(
    'lets %j have an HTML answer',
    async (accept) => {
      expect((await answer(html, '', { accept })).status).toBe(200);
    },
  );

  it.each(['text/plain', 'image/*', 'text/html;q=0', 'text/html;q=0, */*', 'text/*;q=0.0'])(
    'does not let %j have one',
    async (accept) => {
      expect(await errorOf(await answer(html, '', { accept }))).toEqual([
        406,
        'Resource representation is only available with these types:\ntext/html; charset=UTF-8',
      ]);
    },
  );
});
