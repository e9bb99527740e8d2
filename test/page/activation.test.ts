import http from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { JsonObject } from '../../ground/json';
import { PROJECT_ROOT } from '../../infra/packaging';

const { main } = createRequire(__filename)(path.join(PROJECT_ROOT, 'actions', 'activation', 'index.js')) as {
  main(args: JsonObject): Promise<JsonObject>;
};

const settings = { 'ca-certificate': '', insecure: false };
const ID = '0123456789abcdef0123456789abcdef';
const RECORD = {
  activationId: ID,
  namespace: 'guest',
  name: 'v1',
  start: 1_000,
  end: 1_090,
  duration: 90,
  response: { success: true, result: { secret: 'the PDF' } },
  logs: ['secret log'],
  annotations: [
    { key: 'path', value: 'guest/pdfmagic/v1' },
    { key: 'waitTime', value: 12 },
    { key: 'initTime', value: 40 },
  ],
};

/** What OpenWhisk answers, and what it was asked. */
let answer: { status: number; body: string };
let asked: string[];

describe('the action activation', () => {
  const openwhisk = http.createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(answer.body);
  });

  beforeAll(async () => {
    await new Promise<void>((resolve) => openwhisk.listen(0, '127.0.0.1', resolve));
    vi.stubEnv('__OW_API_HOST', `http://127.0.0.1:${(openwhisk.address() as AddressInfo).port}`);
    vi.stubEnv('__OW_API_KEY', 'uuid:key');
    vi.stubEnv('__OW_ACTION_NAME', '/guest/pdfmagic/activation');
    vi.spyOn(console, 'error').mockImplementation(() => {});
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    openwhisk.close();
  });
  beforeEach(() => {
    asked = [];
    answer = { status: 200, body: JSON.stringify(RECORD) };
  });

  it('tells times and start of an activation of its package, and nothing of what it got or gave', async () => {
    const told = await main({ id: ID, settings });
    expect(told).toMatchObject({ statusCode: 200, headers: { 'Cache-Control': 'no-store' } });
    expect(told.body).toEqual({
      ...{ id: ID, name: 'v1', start: 1_000, duration: 90 },
      ...{ waitTime: 12, initTime: 40, cold: true, success: true },
    });
    const authorization = `Basic ${Buffer.from('uuid:key').toString('base64')}`;
    expect(asked).toEqual([`GET /api/v1/namespaces/_/activations/${ID} ${authorization}`]);
  });

  it('tells a warm start from a cold one', async () => {
    const annotations = RECORD.annotations.filter(({ key }) => key !== 'initTime');
    answer.body = JSON.stringify({ ...RECORD, annotations });
    expect((await main({ id: ID, settings })).body).toMatchObject({ cold: false });
  });

  it.each(['guest/other/v1', 'guest/v1', 'guest/pdfmagic2/v1'])('has nothing to tell of %s', async (value) => {
    answer.body = JSON.stringify({ ...RECORD, annotations: [{ key: 'path', value }] });
    expect(await main({ id: ID, settings })).toMatchObject({ statusCode: 404, body: { code: 'no-such-activation' } });
  });

  it('says when there is none', async () => {
    answer = { status: 404, body: '{}' };
    expect(await main({ id: ID, settings })).toMatchObject({ statusCode: 404, body: { code: 'no-such-activation' } });
  });

  it.each([undefined, '', 'x', `${ID}0`, ID.toUpperCase(), '../triggers', 7])(
    'refuses the id %j, and asks nobody',
    async (id) => {
      const args = id === undefined ? { settings } : { id, settings };
      expect(await main(args)).toMatchObject({ statusCode: 400, body: { code: 'bad-parameter' } });
      expect(asked).toEqual([]);
    },
  );

  it('gives nothing away when OpenWhisk refuses or is not there', async () => {
    answer = { status: 401, body: '{"error":"uuid:key"}' };
    const refused = await main({ id: ID, settings });
    expect(refused).toMatchObject({ statusCode: 502, body: { code: 'openwhisk-failed' } });
    expect(JSON.stringify(refused)).not.toContain('uuid:key');
    vi.stubEnv('__OW_API_HOST', 'http://127.0.0.1:9');
    expect(await main({ id: ID, settings })).toMatchObject({ statusCode: 502, body: { code: 'openwhisk-failed' } });
  });
});
