/** `infra/emulated`: what its providers ask of the control API, here played. */

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { services, triggers } from '@pdfmagic/emulated/providers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ProviderLoader } from '../../runner/engine/dynamic-provider';

const KEY = '23bc46b1-71f6-4ed5-8c54-816aa4f8c502:s3cret';
/** What is deployed, by path. */
const deployed = new Map<string, Record<string, unknown>>();
/** What the next requests get in place of a proper answer. */
const failures: { status: number; error: string }[] = [];
let server: Server;
let endpoint: string;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const path = request.url ?? '';
    if (path === '/') return void response.writeHead(200, { 'x-openwhisk-store': KEY.split(':')[0] }).end();
    const answer = (status: number, body: object) => void response.writeHead(status).end(JSON.stringify(body));
    if (request.headers.authorization !== `Basic ${Buffer.from(KEY).toString('base64')}`) {
      return answer(401, { error: 'wrong key' });
    }
    const failure = failures.shift();
    if (failure !== undefined) return answer(failure.status, { error: failure.error });
    if (request.method === 'PUT') {
      deployed.set(path, { ...JSON.parse(Buffer.concat(chunks).toString()), url: `${endpoint}/run${path}` });
    }
    const found = deployed.get(path);
    if (request.method === 'DELETE') deployed.delete(path);
    return found === undefined ? answer(404, { error: 'not found' }) : answer(200, found);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
beforeEach(() => {
  deployed.clear();
  failures.length = 0;
});

const service = (changes: object = {}) => ({
  control: { endpoint, auth: KEY },
  name: 'convert',
  image: 'cloudrun-1',
  env: { OUT_BUCKET: 'demo-out' },
  maxInstanceRequestConcurrency: 2,
  maxInstanceCount: 2,
  timeout: 60,
  idleTimeout: 60,
  ...changes,
});
const trigger = () => ({
  ...{ control: { endpoint, auth: KEY }, name: 'new-file' },
  ...{ service: 'convert', path: '/events', bucket: 'demo-in' },
});

describe('a service', () => {
  test('is deployed with all it was given but the key, and says where it answers', async () => {
    const { id, outs } = await services.create(service());
    expect(id).toBe('convert');
    expect(outs).toEqual({ ...service(), url: `${endpoint}/run/cloudrun/services/convert` });
    const { control, name, ...specified } = service();
    expect(deployed.get('/cloudrun/services/convert')).toMatchObject(specified);
    expect(JSON.stringify(deployed.get('/cloudrun/services/convert'))).not.toContain('s3cret');
  });

  test('that already exists is only taken over when told so', async () => {
    await services.create(service());
    await expect(services.create(service({ image: 'cloudrun-2' }))).rejects.toThrow(/already exists.*adopt: true/s);
    await services.create(service({ image: 'cloudrun-2', adopt: true }));
    expect(deployed.get('/cloudrun/services/convert')).toMatchObject({ image: 'cloudrun-2' });
  });

  test('that a killed run of the same resource has made is taken up; that of another is not', async () => {
    const marked = (mark: string) => service({ annotations: { pulumi: mark } });
    await services.create(marked('urn:pulumi:dev::pdfmagic convert'));
    await services.create(marked('urn:pulumi:dev::pdfmagic convert'));
    await expect(services.create(marked('urn:pulumi:prod::pdfmagic convert'))).rejects.toThrow(/already exists/);
    await expect(services.create(service())).rejects.toThrow(/already exists/);
  });

  test('that is gone without the state knowing is to be made again', async () => {
    const { outs } = await services.create(service());
    deployed.clear();
    expect(await services.diff('convert', outs, service())).toMatchObject({ changes: true, replaces: [] });
  });

  test('is gone with the store of a platform whose data folder was deleted, but not for a wrong key', async () => {
    const { outs } = await services.create(service());
    const state = (auth: string) => ({ ...(outs as ReturnType<typeof service>), control: { endpoint, auth } });
    const earlier = state('23bc46b1-0000-4ed5-8c54-816aa4f8c502:earlier');
    expect(await services.read('convert', earlier)).toEqual({ id: '' });
    await services.delete('convert', earlier);
    for (const auth of ['23bc46b1-71f6-4ed5-8c54-816aa4f8c502:wrong', '99bc46b1-0000-4ed5-8c54-816aa4f8c502:other']) {
      await expect(services.read('convert', state(auth))).rejects.toThrow('answered 401');
      await expect(services.delete('convert', state(auth))).rejects.toThrow('answered 401');
    }
  });

  test('changes in place, and is another one under another name', async () => {
    const olds = service();
    await services.create(olds);
    expect(await services.diff('convert', olds, service())).toMatchObject({ changes: false });
    for (const change of [{ image: 'cloudrun-2' }, { env: {} }, { control: { endpoint, auth: 'a:b' } }]) {
      expect(await services.diff('convert', olds, service(change))).toMatchObject({ changes: true, replaces: [] });
    }
    expect(await services.diff('convert', olds, service({ name: 'other' }))).toMatchObject({ replaces: ['name'] });
  });

  test('is read as it is, so that a change behind its back is seen, and gone when it is gone', async () => {
    const { outs } = await services.create(service());
    deployed.set('/cloudrun/services/convert', { ...deployed.get('/cloudrun/services/convert'), timeout: 5 });
    expect((await services.read('convert', outs)).inputs).toMatchObject({ timeout: 5, image: 'cloudrun-1' });
    deployed.clear();
    expect(await services.read('convert', outs)).toEqual({ id: '' });
  });

  test('can be removed twice', async () => {
    const { outs } = await services.create(service());
    await services.delete('convert', outs);
    await services.delete('convert', outs);
    expect(deployed.size).toBe(0);
  });

  test('says what went wrong, in the words of the platform', async () => {
    failures.push({ status: 500, error: 'the service never became ready: OUT_BUCKET is not set' });
    await expect(services.update('convert', service(), service())).rejects.toThrow(
      /PUT services\/convert.*answered 500: the service never became ready: OUT_BUCKET/,
    );
    const startHint = 'Start it by `npm run platform`.';
    const control = { endpoint: 'http://127.0.0.1:1', auth: KEY };
    const nobody = service({ control: { ...control, startHint } });
    await expect(services.create(nobody)).rejects.toThrow(
      /Is the local platform running\? Start it by `npm run platform`\.$/,
    );
    const printed = await services.read('convert', nobody).catch((error: unknown) => {
      return `${error}: ${error instanceof Error ? error.stack : ''}`;
    });
    expect(printed).toBe('GET services/convert at http://127.0.0.1:1: failed');
    expect((await services.diff('convert', { ...nobody, control }, nobody)).changes).toBe(false);
  });
});

test('a service that is in the state of version 0.1 is removed: its provider loads @pdfmagic/emulated-cloudrun', async () => {
  const { outs } = await services.create(service());
  const text =
    "exports.handler = () => ({ delete: (id, olds) => require('@pdfmagic/emulated-cloudrun/providers').services.delete(id, olds) });";
  const loader = new ProviderLoader(resolve(__dirname, '../..'), 'pdfmagic', {});
  await (await loader.load(text)).delete?.('convert', { ...outs });
  expect(deployed.size).toBe(0);
});

describe('the inputs', () => {
  const reasons = async (inputs: object): Promise<string> => {
    const { failures: found = [] } = await services.check(service(), inputs as ReturnType<typeof service>);
    return found.map(({ reason }) => reason).join('\n');
  };

  test('that are wrong are all named, without their values', async () => {
    const text = await reasons(service({ name: 'No Name', timeout: 0, env: { 'a-b': '' }, imgae: 'x' }));
    for (const name of ['name:', 'timeout:', 'env', 'imgae: is not a known property']) expect(text).toContain(name);
    expect(await reasons(service({ control: { endpoint, auth: 's3cret-without-colon' } }))).not.toContain('s3cret');
  });

  test('that are not known yet are taken to be good', async () => {
    const unknown = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';
    expect(await reasons(service({ env: { OUT_BUCKET: unknown }, control: unknown }))).toBe('');
    const { changes } = await services.diff('convert', service(), service({ env: { OUT_BUCKET: unknown } }));
    expect(changes).toBe(true);
  });
});

describe('a trigger', () => {
  test('is deployed, read and removed alike', async () => {
    const { outs } = await triggers.create(trigger());
    expect(deployed.get('/cloudrun/triggers/new-file')).toMatchObject({ service: 'convert', bucket: 'demo-in' });
    expect((await triggers.read('new-file', outs)).inputs).toEqual(trigger());
    await triggers.delete('new-file', outs);
    expect(deployed.size).toBe(0);
  });
});
