/** Whatever is sent, the REST API answers, and never with a 5xx. */

import { request } from 'node:http';
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { authorization } from './identity';
import { Laboratory } from './laboratory';

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open();
  await laboratory.action('echo', 'echo');
  await laboratory.send('PUT', 'packages/pkg', {});
  await laboratory.send('PUT', 'triggers/trigger', {});
  await laboratory.send('PUT', 'rules/rule', { trigger: '/_/trigger', action: '/_/echo' });
});
afterAll(() => laboratory.close());

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

function send({ method, path, headers, body }: Sent): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(laboratory.url);
  const all = { authorization, 'content-type': 'application/json', ...headers };
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, method, path, headers: all, agent: false }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, text }));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Sends bytes as they are, and gives the first line of the answer, which ends with the connection and no reset. */
function sendRaw(bytes: string): Promise<string> {
  const { hostname, port } = new URL(laboratory.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let text = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk;
      socket.end();
    });
    socket.on('end', () => resolve(text.split('\r\n', 1)[0] ?? ''));
    socket.on('error', reject);
  });
}

const names = fc.constantFrom(
  'echo',
  'pkg',
  'trigger',
  'rule',
  '_',
  'guest',
  '',
  '..',
  '%2F',
  '%00',
  '%zz',
  '%',
  'a%20b',
);
const odd = fc
  .string({ unit: 'binary', maxLength: 12 })
  .map((text) => encodeURIComponent(Buffer.from(text).toString()));
const collections = fc.constantFrom('actions', 'packages', 'triggers', 'rules', 'activations', 'limits', 'nothing');
const segments = fc.array(fc.oneof(names, odd), { maxLength: 4 });
const query = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        'limit',
        'skip',
        'count',
        'docs',
        'since',
        'name',
        'code',
        'overwrite',
        'blocking',
        'timeout',
        'force',
      ),
      fc.oneof(odd, fc.constantFrom('true', '1', '-1', '1e9', '99999999999999999999', '%zz')),
    ),
    { maxLength: 3 },
  )
  .map((pairs) => pairs.map((pair) => pair.join('=')).join('&'));
const fields = fc.constantFrom(
  'exec',
  'kind',
  'code',
  'image',
  'components',
  'parameters',
  'annotations',
  'limits',
  'memory',
  'key',
  'value',
  'version',
  'publish',
  'binding',
  'trigger',
  'action',
  'status',
  'delAnnotations',
  '__proto__',
  'constructor',
);
const leaf = fc.oneof(
  fc.jsonValue({ maxDepth: 1 }),
  fc.constantFrom('nodejs:20', 'sequence', 'blackbox', '/_/echo', '_', 'x'),
);
const { document } = fc.letrec<{ document: unknown }>((tie) => ({
  document: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    leaf,
    fc.array(tie('document'), { maxLength: 3 }),
    fc.array(fc.tuple(fields, tie('document')), { maxLength: 4 }).map((pairs) => Object.fromEntries(pairs)),
  ),
}));
const body = fc.oneof(
  document.map((value) => JSON.stringify(value)),
  fc.string(),
  fc.constant('{"a":'),
  fc.constant(''),
);

describe('malformed requests', () => {
  test('of any sort are answered, and not with a 5xx', async () => {
    const requests = fc.record({
      method: fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'),
      namespace: names,
      collection: collections,
      rest: segments,
      query,
      body,
      type: fc.constantFrom('application/json', 'text/plain', 'application/json; charset=utf-16', ';;;', ''),
    });
    await fc.assert(
      fc.asyncProperty(requests, async ({ method, namespace, collection, rest, query, body, type }) => {
        const path = `/api/v1/namespaces/${namespace}/${[collection, ...rest].join('/')}?${query}`;
        const { status } = await send({ method, path, body, headers: { 'content-type': type } });
        expect(status).toBeGreaterThanOrEqual(200);
        expect(status, `${method} ${path} ${body}`).toBeLessThan(500);
      }),
      { numRuns: 1000 },
    );
    expect((await laboratory.send('GET', 'actions')).status, 'and it goes on').toBe(200);
  });

  test.for(['{"a":', '[', '{"exec":{"kind":"sequence","components":['])(
    'JSON that nests without end: %s',
    async (open) => {
      const close = open.replaceAll(/[^[{]/g, '').replaceAll('[', ']').replaceAll('{', '}');
      const deep = `${open.repeat(20_000)}1${close.repeat(20_000)}`;
      for (const [method, path] of [
        ['PUT', 'actions/x'],
        ['POST', 'actions/echo?blocking=true'],
        ['POST', 'triggers/trigger'],
        ['PUT', 'packages/x'],
      ] as const) {
        const { status, text } = await send({ method, path: `/api/v1/namespaces/_/${path}`, body: deep });
        expect(status).toBe(400);
        expect(text).toContain('nested too deeply');
      }
    },
  );

  test('a parameter called __proto__ is a parameter', async () => {
    // Of its own, since the requests above may delete what they name.
    await laboratory.action('parameters', 'echo');
    const path = '/api/v1/namespaces/_/actions/parameters?blocking=true&result=true';
    const { status, text } = await send({ method: 'POST', path, body: '{"__proto__":{"a":1},"b":2}' });
    expect([status, text]).toEqual([200, '{"__proto__":{"a":1},"b":2}']);
  });

  test('bodies above the limits say how large they are', async () => {
    const path = '/api/v1/namespaces/_/actions/x';
    const parameters = [{ key: 'k', value: 'v'.repeat(1_048_576) }];
    const { status, text } = await send({ method: 'PUT', path, body: JSON.stringify({ parameters }) });
    expect([status, text]).toEqual([
      413,
      expect.stringContaining('parameters larger than allowed: 1048579 > 1048576 bytes.'),
    ]);
  });

  test('without a key a large body is heard out and refused', async () => {
    const headers = { authorization: 'Basic nonsense' };
    const path = '/api/v1/namespaces/_/actions/echo';
    expect((await send({ method: 'POST', path, headers, body: 'x'.repeat(3_000_000) })).status).toBe(401);
  });

  test.for([
    ['headers beyond all measure', `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(100_000)}\r\n\r\n`],
    ['no host', 'GET /api/v1/namespaces HTTP/1.1\r\n\r\n'],
    ['a host that is none', 'GET /api/v1/namespaces HTTP/1.1\r\nHost: a b/c\r\n\r\n'],
    ['a path that is none', 'GET api HTTP/1.1\r\nHost: x\r\n\r\n'],
    [
      'a chunk that is none',
      'POST /api/v1/namespaces/_/actions/echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
    ],
    ['no HTTP', 'hello\r\n\r\n'],
  ] as const)('%s', async ([, bytes]) => {
    expect(await sendRaw(bytes)).toMatch(/^HTTP\/1\.1 4\d\d /);
  });
});
