import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../ground/json';
import { PROJECT_ROOT } from '../../infra/packaging';
import { deployed } from './deployed';

const { main } = createRequire(__filename)(path.join(PROJECT_ROOT, 'actions', 'new-file-feed', 'index.js')) as {
  main(params: JsonObject): Promise<JsonObject>;
};

let server: Server;
let requests: JsonObject[];
let answer: { status: number; text: string };
let url: string;
beforeEach(async () => {
  requests = [];
  answer = { status: 200, text: '{"source":"in"}' };
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { method = '', url: target = '', headers } = request;
    requests.push({ method, target, authorization: headers.authorization ?? '', body });
    response.writeHead(answer.status).end(answer.text);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/feed`;
});
afterEach(() => server.close());

const params = () => ({ triggerName: '/guest/new file', authKey: 'uuid:key', 'feed-url': url, bucket: 'in' });
const feed = (given: JsonObject) => deployed('new-file-feed', given);
const authorization = `Basic ${Buffer.from('uuid:key').toString('base64')}`;
const target = '/feed/triggers/guest/new%20file';

describe('the feed action', () => {
  test.each(['CREATE', 'UPDATE'])('starts the flow on %s', async (lifecycleEvent) => {
    expect(await main(feed({ ...params(), lifecycleEvent }))).toEqual({ source: 'in' });
    expect(requests).toEqual([{ method: 'PUT', target, authorization, body: '{"bucket":"in"}' }]);
  });

  test.each([
    ['DELETE', 'DELETE'],
    ['READ', 'GET'],
  ])('passes on %s as %s', async (lifecycleEvent, method) => {
    expect(await main(feed({ ...params(), lifecycleEvent }))).toEqual({ source: 'in' });
    expect(requests).toEqual([{ method, target, authorization, body: '' }]);
  });

  test('keeps the bucket on UPDATE without one: wsk trigger update new-file --param x y', async () => {
    const { bucket: _, ...kept } = params();
    expect(await main(feed({ ...kept, x: 'y', lifecycleEvent: 'UPDATE' }))).toEqual({ source: 'in' });
    expect(requests).toEqual([{ method: 'GET', target, authorization, body: '' }]);
    answer = { status: 404, text: '{"error":"no events flow to this trigger: not found"}' };
    expect(await main(feed({ ...kept, lifecycleEvent: 'UPDATE' }))).toEqual({
      error: 'The feed service answered 404: no events flow to this trigger: not found',
    });
  });

  test('ends with the words of a service that refuses', async () => {
    answer = { status: 404, text: '{"error":"no events flow to this trigger: not found"}' };
    expect(await main(feed({ ...params(), lifecycleEvent: 'DELETE' }))).toEqual({
      error: 'The feed service answered 404: no events flow to this trigger: not found',
    });
    answer = { status: 502, text: '<html>' };
    expect(await main(feed({ ...params(), lifecycleEvent: 'CREATE' }))).toEqual({
      error: 'The feed service answered 502: <html>',
    });
  });

  test('says so when the service cannot be reached', async () => {
    const gone = await main(feed({ ...params(), 'feed-url': 'http://127.0.0.1:1', lifecycleEvent: 'CREATE' }));
    expect(gone.error).toMatch(/cannot be reached: .*ECONNREFUSED/);
  });

  test.each([
    [{ lifecycleEvent: 'PAUSE' }, /lifecycleEvent must be one of CREATE/],
    [{ lifecycleEvent: 'CREATE', triggerName: 'x' }, /triggerName/],
    [{ lifecycleEvent: 'CREATE', bucket: null }, /bucket is missing/],
    [{ lifecycleEvent: 'UPDATE', bucket: 7 }, /bucket is missing/],
    [{ lifecycleEvent: 'CREATE', authKey: null }, /authKey/],
    [{ lifecycleEvent: 'CREATE', 'feed-url': null }, /feed-url/],
  ])('refuses %o in words', async (wrong, words) => {
    expect((await main(feed({ ...params(), ...wrong } as JsonObject))).error).toMatch(words);
    expect(requests).toEqual([]);
  });
});
