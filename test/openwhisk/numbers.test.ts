/** Numbers keep value and kind on every way through the platform, as they do in OpenWhisk (`BigDecimal`) and Python. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canonicalize, parseJson, writeJson } from '../../ground/exact-json';
import type { Invoker } from '../../platform/invoker/contract';
import { createInvoker } from '../../platform/invoker/create-invoker';
import { type OpenWhiskServer, startServer } from '../../platform/openwhisk/server';
import { authorization, identity } from './identity';
import { until } from './laboratory';

/** As they are sent, and as they must come back. */
const NUMBERS =
  '[9007199254740993,1.0,9223372036854775807,-9223372036854775808,0.10,1E+400,1E-7,123456789012345678901234567890,12]';
const ECHO = 'def main(args):\n    return args\n';

describe('through the platform', () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'numbers-'));
  let invoker: Invoker;
  let server: OpenWhiskServer;

  const start = () => startServer({ host: '127.0.0.1', port: 0, dataDir, identity, invoker });
  beforeAll(async () => {
    invoker = await createInvoker({ dataDir: path.join(dataDir, 'invoker'), apiHost: 'http://127.0.0.1' });
    server = await start();
  });
  afterAll(async () => {
    await server?.stop();
    await invoker?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function send(method: string, where: string, body?: string): Promise<{ status: number; text: string }> {
    const response = await fetch(`${server.url}/api/v1/${where}`, {
      method,
      headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body }),
    });
    return { status: response.status, text: await response.text() };
  }
  const rest = (method: string, where: string, body?: string) => send(method, `namespaces/_/${where}`, body);

  async function action(name: string, code: string, more = ''): Promise<string> {
    const kind = invoker.runtimes.find(({ family }) => family === 'python')?.kind;
    const exec = `"exec":{"kind":"${kind}","code":${JSON.stringify(code)}}`;
    const { status, text } = await rest('PUT', `actions/${name}?overwrite=true`, `{${exec}${more}}`);
    expect(status, text).toBe(200);
    return text;
  }
  const invoke = async (name: string, body: string) =>
    (await rest('POST', `actions/${name}?blocking=true&result=true`, body)).text;
  const record = (id: string) =>
    until(async () => {
      const { status, text } = await rest('GET', `activations/${id}`);
      return status === 200 ? text : undefined;
    });
  const idIn = (text: string) => String(JSON.parse(text).activationId);

  /** What Python makes of them: it has no 0.10, and nothing beyond a double's range that has an exponent. */
  const PYTHON = NUMBERS.replace('0.10', '0.1').replace('1E+400,', '');
  const SENT = NUMBERS.replace('1E+400,', '');

  test('parameters and annotations of every entity are kept, also over a restart', async () => {
    const pairs = `[{"key":"n","value":${NUMBERS}}]`;
    const more = `,"parameters":${pairs},"annotations":${pairs}`;
    const bodies = {
      'actions/kept': await action('kept', ECHO, more),
      'packages/kept-package': (await rest('PUT', 'packages/kept-package', `{${more.slice(1)}}`)).text,
      'triggers/kept-trigger': (await rest('PUT', 'triggers/kept-trigger', `{${more.slice(1)}}`)).text,
    };
    await server.stop();
    server = await start();
    for (const [where, put] of Object.entries(bodies)) {
      for (const text of [put, (await rest('GET', where)).text]) {
        expect(text.split(`"value":${NUMBERS}`), where).toHaveLength(3);
      }
    }
  });

  test('a payload reaches Python, its result comes back, and both the record and its result show it', async () => {
    await action('echo', ECHO);
    expect(await invoke('echo', `{"n":${SENT}}`)).toBe(`{"n":${PYTHON}}`);
    const id = idIn((await rest('POST', 'actions/echo', `{"n":${SENT}}`)).text);
    expect(await record(id)).toContain(`"result":{"n":${PYTHON}}`);
    expect((await rest('GET', `activations/${id}/result`)).text).toContain(`"result":{"n":${PYTHON}}`);
    expect((await rest('GET', 'activations?name=echo&docs=true')).text).toContain(`"result":{"n":${PYTHON}}`);
  });

  test('parameters of the action reach it, and a sequence hands on what they are', async () => {
    await action(
      'bound',
      'def main(a):\n    return {"n": a["n"], "kinds": str([type(x).__name__ for x in a["n"]])}\n',
      `,"parameters":[{"key":"n","value":${SENT}}]`,
    );
    const kinds = "['int', 'float', 'int', 'int', 'float', 'float', 'int', 'int']";
    expect(await invoke('bound', '{}')).toBe(`{"n":${PYTHON},"kinds":"${kinds}"}`);
    await rest('PUT', 'actions/chain', '{"exec":{"kind":"sequence","components":["/_/bound","/_/echo","/_/echo"]}}');
    expect(await invoke('chain', '{}')).toContain(`"n":${PYTHON}`);
  });

  test('a composition keeps them in its parameters and in its state', async () => {
    const code = `def main(a):
    if "kept" in a:
        return {"params": {"n": a["n"], "kept": a["kept"]}}
    return {"action": "echo", "params": {"n": a["n"]}, "state": {"kept": a["n"]}}
`;
    await action('compose', code, ',"annotations":[{"key":"conductor","value":true}]');
    expect(await invoke('compose', `{"n":${SENT}}`)).toBe(`{"n":${PYTHON},"kept":${PYTHON}}`);
  });

  test('a trigger hands on its parameters and its payload', async () => {
    await rest('PUT', 'triggers/fired?overwrite=true', `{"parameters":[{"key":"given","value":${SENT}}]}`);
    await rest('PUT', 'rules/fires', '{"trigger":"/_/fired","action":"/_/echo"}');
    const fired = await record(idIn((await rest('POST', 'triggers/fired', `{"n":${SENT}}`)).text));
    expect(fired).toContain(`"result":{"n":${SENT}}`);
    const ran = idIn(JSON.parse(fired).logs[0]);
    const { text } = await rest('GET', `activations/${(await record(ran)) && ran}/result`);
    expect(text).toContain(`"given":${PYTHON}`);
  });

  test('a web action gets them by JSON, and gives them as JSON, as text and as a header', async () => {
    const code = `def main(a):
    return {"statusCode": 200.0, "headers": {"x-n": 1.0, "content-type": "application/json"}, "body": {"n": a["n"]}}
`;
    await action('web', code, ',"annotations":[{"key":"web-export","value":true}]');
    const response = await fetch(`${server.url}/api/v1/web/guest/default/web`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{"n":${SENT}}`,
    });
    expect([response.status, response.headers.get('x-n')]).toEqual([200, '1.0']);
    expect((await response.text()).replace(/\s/g, '')).toBe(`{"n":${PYTHON}}`);
    await action(
      'plain',
      'def main(a):\n    return {"text": 9007199254740993}\n',
      ',"annotations":[{"key":"web-export","value":true}]',
    );
    expect((await send('GET', 'web/guest/default/plain.text')).text).toBe('9007199254740993');
    // A query is text, whatever it looks like.
    await action(
      'query',
      'def main(a):\n    return {"text": repr(a["n"])}\n',
      ',"annotations":[{"key":"web-export","value":true}]',
    );
    expect((await send('GET', 'web/guest/default/query.text?n=1.0')).text).toBe("'1.0'");
  });

  test('a secret that is a number must be repeated as it was written', async () => {
    await action(
      'secret',
      'def main(a):\n    return {}\n',
      ',"annotations":[{"key":"web-export","value":true},{"key":"require-whisk-auth","value":9007199254740993}]',
    );
    const call = async (secret: string) =>
      (await fetch(`${server.url}/api/v1/web/guest/default/secret`, { headers: { 'x-require-whisk-auth': secret } }))
        .status;
    expect([await call('9007199254740993'), await call('9007199254740992')]).toEqual([204, 401]);
  });

  test('a limit may be written with an exponent; zero with a point is no true', async () => {
    expect(
      JSON.parse(await action('limited', ECHO, ',"limits":{"memory":1.28E+2,"timeout":1000.0}')).limits,
    ).toMatchObject({
      memory: 128,
      timeout: 1000,
    });
    await action('zero', ECHO, ',"annotations":[{"key":"provide-api-key","value":0.0}]');
    expect(await invoke('zero', '{}')).toBe('{}');
  });

  test.each(['1.0', '9007199254740993', '1e400'])(
    'a body or a result that is but the number %s is refused',
    async (number) => {
      expect((await rest('POST', 'actions/echo?blocking=true', number)).text).toContain('JSON object expected');
      await action('number', `def main(a):\n    return ${number}\n`);
      expect(await invoke('number', '{}')).toBe('{"error":"The action did not return a dictionary or array."}');
    },
  );

  test('a number of more than 100 characters is refused, as by OpenWhisk’s parser', async () => {
    const { status, text } = await rest('POST', 'actions/echo', `{"n":${'1'.repeat(101)}}`);
    expect([status, JSON.parse(text).error]).toEqual([
      400,
      expect.stringContaining("Number too long:The number starting with '11111111111111111111' had 101 characters"),
    ]);
  });
});

describe('JSON text', () => {
  test.each([
    ['1e2', '1E+2'],
    ['-0.0', '0.0'],
    ['-0', '0'],
    ['0.000001', '0.000001'],
    ['0.0000001', '1E-7'],
    ['123456.789e3', '123456789'],
    ['-1.5e-10', '-1.5E-10'],
    ['1.2345E+5', '1.2345E+5'],
  ])('writes %s as BigDecimal does: %s', (number, written) => {
    expect(canonicalize(number)).toBe(written);
    expect(writeJson(parseJson(`{"__proto__":[${number}]}`))).toBe(`{"__proto__":[${written}]}`);
  });

  test('is read and written as by JSON where no number is changed', () => {
    const whole = (_key: string, value: unknown) => (typeof value === 'number' ? Math.trunc(value) % 1e15 : value);
    fc.assert(
      fc.property(fc.json(), fc.nat(2), (text, indent) => {
        const plain = JSON.stringify(JSON.parse(text), whole);
        expect(parseJson(plain)).toEqual(JSON.parse(plain));
        expect(writeJson(parseJson(plain), indent)).toBe(JSON.stringify(JSON.parse(plain), null, indent));
      }),
    );
  });

  test('leaves text in strings alone, whatever it looks like and however it is escaped', () => {
    const escaped = (text: string) =>
      Array.from({ length: text.length }, (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`).join(
        '',
      );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const written = `{${JSON.stringify(`${text}1.0`)}:${JSON.stringify(`${text}\\" 1.0 \\`)},"n":"${escaped(`[1.0,"${text}`)}"}`;
        expect(parseJson(written)).toEqual(JSON.parse(written));
        expect(writeJson(parseJson(written))).toBe(JSON.stringify(JSON.parse(written)));
      }),
    );
  });

  test('is bounded in depth', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(() => parseJson(nested(1000), 1000)).not.toThrow();
    expect(() => parseJson(nested(1001), 1000)).toThrow('JSON input nested too deeply');
  });
});
