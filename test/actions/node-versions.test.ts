/** Each Node.js action runs on every Node.js that an OpenWhisk may give it, and says so in words on one that is too old. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../ground/json';
import { PROJECT_ROOT } from '../../infra/packaging';
import { buildNodejsAction, OLDEST_NODE } from '../../infra/packaging/nodejs';
import { buildPageAction } from '../../infra/packaging/page';
import { selfSigned } from '../cluster-waits/self-signed';
import { installNode, type OtherNode, run } from './other-node';

/** `nodejs:14` and `nodejs:default` of OpenWhisk's chart 1.0.0; the others are the last of their line. */
const RUNS = ['14.4.0', '18.20.8', '20.20.2', '22.23.3'];
const TOO_OLD = '10.21.0';
const SOURCES = path.join(PROJECT_ROOT, 'actions');
const RUNNER = path.join(__dirname, 'openwhisk-runner.cjs');
const ID = '0123456789abcdef0123456789abcdef';

type NodejsAction = 'activation' | 'new-file-feed' | 'page' | 'print-arguments';
const code = new Map<NodejsAction, string>();
const nodes = new Map<string, OtherNode>();
const certificate = selfSigned('127.0.0.1');
const feed = createServer((_request, response) => response.end('{"source":"in"}'));
const openwhisk = createTlsServer({ key: certificate.key, cert: certificate.cert }, (request, response) => {
  const { authorization } = request.headers;
  const annotations = [{ key: 'path', value: 'guest/pdfmagic/v1' }];
  response.end(
    JSON.stringify({ activationId: ID, start: 1, end: 3, annotations, response: { success: true }, authorization }),
  );
});

beforeAll(async () => {
  for (const name of ['activation', 'new-file-feed', 'print-arguments'] as const)
    code.set(name, await buildNodejsAction(path.join(SOURCES, name, 'index.js')));
  code.set('page', await buildPageAction(path.join(SOURCES, 'page')));
  for (const version of [...RUNS, TOO_OLD]) nodes.set(version, await installNode(version));
  await Promise.all([feed, openwhisk].map((server) => once(server.listen(0, '127.0.0.1'), 'listening')));
}, 1_500_000);
afterAll(() => {
  feed.close();
  openwhisk.close();
});

const port = (server: { address(): unknown }) => (server.address() as AddressInfo).port;

/** What each action is asked, and what it must answer. */
const CALLS: Readonly<Record<NodejsAction, () => { args: JsonObject; answer: JsonObject }>> = {
  'print-arguments': () => ({
    args: { name: 'ä.jpg', __ow_headers: { Authorization: 'Basic x' } },
    answer: { name: 'ä.jpg', __ow_headers: { Authorization: '(blanked)' } },
  }),
  'new-file-feed': () => ({
    args: {
      ...{ lifecycleEvent: 'CREATE', triggerName: '/guest/new-file', authKey: 'uuid:key', bucket: 'in' },
      settings: { 'feed-url': `http://127.0.0.1:${port(feed)}` },
    },
    answer: { source: 'in' },
  }),
  activation: () => ({
    args: {
      id: ID,
      settings: {
        apihost: `https://127.0.0.1:${port(openwhisk)}`,
        'ca-certificate': certificate.cert,
        insecure: false,
      },
    },
    answer: { statusCode: 200 },
  }),
  page: () => ({
    args: { settings: { large: 'none', storage: '', kept: '7' } },
    answer: { statusCode: 200 },
  }),
};
const ACTIONS = Object.keys(CALLS) as NodejsAction[];

/** Calls an action on a Node.js, or skips with the reason why that is not to be had. */
async function call(version: string, action: NodejsAction, skip: (why: string) => never): Promise<JsonObject> {
  const node = nodes.get(version) ?? { missing: 'it was not installed' };
  if ('missing' in node) return skip(node.missing);
  const { args } = CALLS[action]();
  const input = JSON.stringify({ code: code.get(action), args });
  const { status, out, said } = await run(node.program, [RUNNER], input, {
    __OW_API_KEY: 'uuid:key',
    __OW_ACTION_NAME: '/guest/pdfmagic/activation',
  });
  expect(status, said).toBe(0);
  return JSON.parse(out.slice(out.lastIndexOf('\nRESULT ') + '\nRESULT '.length));
}

describe.each(RUNS)('on Node.js %s', (version) => {
  test.for(ACTIONS)('%s runs', async (action, { skip }) => {
    expect(await call(version, action, skip)).toMatchObject(CALLS[action]().answer);
  });
});

describe(`on Node.js ${TOO_OLD}, which is too old`, () => {
  test.for(ACTIONS)('%s says which it needs', async (action, { skip }) => {
    const { error } = await call(TOO_OLD, action, skip);
    expect(error).toBe(`This action needs Node.js ${OLDEST_NODE} or newer, and OpenWhisk runs it on v${TOO_OLD}.`);
  });
});
