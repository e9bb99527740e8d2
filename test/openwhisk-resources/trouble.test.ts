import { createServer } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ActionInputs, ActionOutputs } from '../../infra/openwhisk/src/action/action-inputs';
import * as actions from '../../infra/openwhisk/src/action/action-provider';
import { digestOf } from '../../infra/openwhisk/src/action/code';
import * as apis from '../../infra/openwhisk/src/api/api-provider';
import { PartialFailure } from '../../infra/openwhisk/src/dynamic/partial-failure';
import * as packages from '../../infra/openwhisk/src/package/package-provider';
import type { Fault } from './faulty-proxy';
import { PARAMETER_SECRET, TestPlatform } from './platform';
import { shortenPauses } from './short-pauses';

shortenPauses();
const platform = new TestPlatform();
const SOURCE = 'function main() {}';
let count = 0;

beforeAll(() => platform.start());
afterAll(() => platform.stop());
beforeEach(() => platform.proxy.reset());

function inputs(more: Partial<ActionInputs> = {}): ActionInputs {
  const code = { source: SOURCE, sha256: digestOf(SOURCE) };
  return { connection: platform.connection, name: `a${++count}`, kind: 'nodejs:20', code, ...more };
}

const openwhiskError = (error: string) => ({ code: 'transaction', error });

describe('what passes by itself is tried again', () => {
  it.each<[string, Fault]>([
    [
      '409 concurrent modification',
      { answer: 409, body: openwhiskError('Concurrent modification to resource detected.') },
    ],
    ['429', { answer: 429, body: openwhiskError('Too many requests in the last minute (count: 61, allowed: 60).') }],
    ['502 from a proxy', { answer: 502, text: '<html>Bad Gateway</html>' }],
    ['503', { answer: 503, body: openwhiskError('The server is currently unavailable.') }],
    ['504', { answer: 504, text: '<html>Gateway Time-out</html>' }],
    ['a connection cut before the request arrived', 'cut-before'],
    ['a connection cut before the answer arrived', 'lose-answer'],
  ])('%s', async (_what, fault) => {
    for (const method of ['GET', 'PUT', 'DELETE']) platform.proxy.breakNext(method, /actions/, fault);
    const given = inputs();
    const { id, outs } = await actions.create(given);
    expect(outs).toMatchObject({ name: given.name, version: '0.0.1' });
    await actions.delete(id, outs as ActionOutputs);
    expect(platform.proxy.pending).toBe(0);
    await expect(platform.behind.actions.get(given.name)).rejects.toMatchObject({ statusCode: 404 });
  });

  it('several times in a row', async () => {
    platform.proxy.breakNext('PUT', /packages/, { answer: 503, text: 'later' }, 3);
    await packages.create({ connection: platform.connection, name: `p${++count}` });
    expect(platform.proxy.count('PUT', /packages/)).toBe(4);
  });

  it('but not without end', async () => {
    platform.proxy.breakNext('GET', /packages/, 'cut-before', 100);
    const read = packages.create({ connection: platform.connection, name: `p${++count}` });
    await expect(read).rejects.toThrow(/The connection to http:\/\/127\.0\.0\.1:\d+ keeps breaking/);
    expect(platform.proxy.count('GET', /packages/)).toBe(5);
  });

  it.each([400, 401, 403, 404, 413, 500])('%i is not tried again', async (answer) => {
    platform.proxy.breakNext('PUT', /packages/, { answer, body: openwhiskError('no') });
    await expect(packages.create({ connection: platform.connection, name: `p${++count}` })).rejects.toThrow(/no/);
    expect(platform.proxy.count('PUT', /packages/)).toBe(1);
  });
});

describe('a create whose answer was lost', () => {
  it('recognises its own action by its code and all the rest', async () => {
    const given = inputs({ parameters: { a: 1 }, web: 'on' });
    platform.proxy.breakNext('PUT', /actions/, 'lose-answer');
    const { outs } = await actions.create(given);
    expect(outs).toMatchObject({ version: '0.0.1' });
  });

  it('does not recognise an action with other code', async () => {
    const code = { source: 'function main() { return {}; }', sha256: digestOf(SOURCE) };
    platform.proxy.breakNext('PUT', /actions/, 'lose-answer');
    await expect(actions.create(inputs({ code }))).rejects.toThrow(/already exists and was not created/);
  });

  it('does not take over what somebody else made in between', async () => {
    const name = `p${++count}`;
    platform.proxy.breakNext('PUT', /packages/, 'cut-before');
    platform.proxy.breakNext('GET', /packages/, { answer: 404, body: openwhiskError('none yet') });
    await platform.behind.packages.create({ name, package: { publish: true } });
    const create = packages.create({ connection: platform.connection, name });
    await expect(create).rejects.toThrow(/already exists and was not created by this resource/);
  });

  it('goes into the state unconfirmed when OpenWhisk stays silent, and the next update goes on', async () => {
    const given = { connection: platform.connection, name: `p${++count}`, publish: true };
    platform.proxy.breakNext('PUT', /packages/, 'lose-answer');
    platform.proxy.breakNext('PUT', /packages/, 'cut-before', 4);
    const error = await packages.create(given).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(PartialFailure);
    const { id, properties } = error as PartialFailure & { properties: typeof given & { namespace: string } };
    expect(await packages.diff(id, properties, given)).toMatchObject({ changes: true, replaces: [] });
    const { outs } = await packages.update(id, properties, given);
    expect(outs).toMatchObject({ namespace: 'guest', version: expect.any(String) });
  });
});

describe('errors are words for people', () => {
  const secretive = () => ({
    connection: platform.connection,
    name: `p${++count}`,
    parameters: { secret: PARAMETER_SECRET },
  });

  it.each<[string, number, string, RegExp]>([
    ['401', 401, 'The supplied authentication is invalid', /does not know this key\. Set connection\.auth/],
    ['403', 403, 'The supplied authentication is not authorized', /may not do this in namespace "_"/],
    ['404', 404, 'The requested resource does not exist.', /create the package first/],
    ['413', 413, 'The request is too large', /48 MB as base64/],
  ])('%s says what, where, why and what to do', async (_status, answer, error, advice) => {
    platform.proxy.breakNext('PUT', /packages/, { answer, body: openwhiskError(error) });
    const message = await packages.create(secretive()).then(String, (caught: Error) => caught.message);
    expect(message).toMatch(/^Could not create package "p\d+" at http:\/\/127\.0\.0\.1:\d+: 4\d\d, /);
    expect(message).toContain(error);
    expect(message).toMatch(advice);
  });

  it('a wrong key is explained for APIs too, whose management answers 502', async () => {
    const connection = { ...platform.connection, auth: `${platform.uuid}:wrong-key-of-somebody` };
    const api = apis.create({ connection, basePath: '/x', path: '/y', verb: 'get', action: 'one' });
    await expect(api).rejects.toThrow(/does not know this key/);
  });

  it('hold neither the key in any form nor the value of a parameter', async () => {
    const { auth } = platform.connection;
    const error = `${auth} ${platform.key} ${Buffer.from(auth).toString('base64')} ${PARAMETER_SECRET}`;
    platform.proxy.breakNext('PUT', /packages/, { answer: 400, body: openwhiskError(error) });
    const caught = await packages.create(secretive()).then(
      () => new Error('created'),
      (thrown: Error) => thrown,
    );
    const everything = `${caught.message} ${caught.stack} ${JSON.stringify(caught)} ${caught.cause}`;
    expect(everything).toContain('[hidden] [hidden] [hidden] [hidden]');
    for (const secret of [platform.key, PARAMETER_SECRET, Buffer.from(auth).toString('base64')]) {
      expect(everything).not.toContain(secret);
    }
  });

  it('a host where nothing listens is named', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    await new Promise((resolve) => server.close(resolve));
    const connection = { ...platform.connection, apihost: `http://127.0.0.1:${port}` };
    const create = packages.create({ connection, name: `p${++count}` });
    await expect(create).rejects.toThrow(new RegExp(`Nothing answers at http://127\\.0\\.0\\.1:${port}`));
  });

  it('a host where nothing listens is told of at length once, with what starts it, and without a stack', async () => {
    const startHint = 'Start it by `start-openwhisk --data here`.';
    const connection = { ...platform.connection, apihost: 'http://127.0.0.1:2', startHint };
    const olds = { connection, name: `p${++count}`, namespace: 'guest', version: '0.0.1' };
    const errors: unknown[] = [];
    for (let time = 0; time < 2; time++) errors.push(await packages.read('id', olds).catch((error: unknown) => error));
    const [first, second] = errors.map((error) => (error instanceof Error ? error.message : ''));
    expect(first).toMatch(/Nothing answers at http:\/\/127\.0\.0\.1:2\. Start it by `start-openwhisk --data here`\./);
    expect(second).toBe(`Could not read package "${olds.name}" either: nothing answers at http://127.0.0.1:2.`);
    // What Pulumi's server of dynamic providers prints beside the message.
    const printed = errors.map((error) => `${error}: ${error instanceof Error ? error.stack : ''}`);
    expect(new Set(printed)).toEqual(new Set([`read package "${olds.name}": failed`]));
  });

  it('an API at a host where nothing listens, too', async () => {
    const connection = { ...platform.connection, apihost: 'http://127.0.0.1:3' };
    const olds = { connection, basePath: '/b', path: '/p', verb: 'get', action: 'a' };
    await expect(apis.read('id', olds)).rejects.toThrow(
      /ECONNREFUSED[\s\S]*Nothing answers at http:\/\/127\.0\.0\.1:3/,
    );
  });

  it('a name that another kind of entity has is explained', async () => {
    const name = `x${++count}`;
    await platform.behind.triggers.create({ name });
    const create = packages.create({ connection: platform.connection, name });
    await expect(create).rejects.toThrow(/names are shared among them/);
  });

  it('a new key of another namespace does not make the entity a second time', async () => {
    const given = { connection: platform.connection, name: `p${++count}` };
    const { id, outs } = await packages.create(given);
    const elsewhere = { ...given, ...outs, namespace: 'elsewhere', version: '0.0.1' };
    await expect(packages.update(id, elsewhere, given)).rejects.toThrow(
      /now belongs to namespace "guest", but the entity is in "elsewhere"/,
    );
  });
});

it('loopback traffic goes past a proxy of the environment', async () => {
  const before = process.env.HTTP_PROXY;
  process.env.HTTP_PROXY = 'http://127.0.0.1:9';
  try {
    await packages.create({ connection: platform.connection, name: `p${++count}` });
  } finally {
    if (before === undefined) delete process.env.HTTP_PROXY;
    else process.env.HTTP_PROXY = before;
  }
});
