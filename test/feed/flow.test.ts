import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { routeFeed } from '../../feed/service';
import { SubscriptionFlow } from '../../feed/subscription-flow';
import { PlayedSource } from './played-source';

const AUTH = '23bc46b1-71f6-4ed5-8c54-816aa4f8c502:key';
const authorization = `Basic ${Buffer.from(AUTH).toString('base64')}`;

/** An OpenWhisk that answers what the test says. */
let openwhisk: Server;
let apihost: string;
let trigger: { status: number; body: string };
let fire: { status: number; headers?: Record<string, string>; body: string };
let fired: unknown[];
beforeEach(async () => {
  trigger = { status: 404, body: '{"error":"The requested resource does not exist."}' };
  fire = { status: 202, body: '{"activationId":"1"}' };
  fired = [];
  openwhisk = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    if (request.method === 'POST') {
      fired.push({ path: request.url, authorization: request.headers.authorization, event: JSON.parse(body) });
      response.writeHead(fire.status, fire.headers).end(fire.status === 204 ? undefined : fire.body);
    } else if (request.url?.includes('/activations/')) response.end('{"response":{"status":"success"},"logs":[]}');
    else response.writeHead(trigger.status).end(trigger.body);
  }).listen(0, '127.0.0.1');
  await once(openwhisk, 'listening');
  apihost = `http://127.0.0.1:${(openwhisk.address() as AddressInfo).port}`;
});
afterEach(async () => {
  openwhisk.closeAllConnections();
  openwhisk.close();
});

function service() {
  const sources: PlayedSource[] = [];
  const open = () => {
    const source = new PlayedSource();
    sources.push(source);
    return source;
  };
  const flow = new SubscriptionFlow({
    openwhisk: { apihost, auth: AUTH },
    trigger: { namespace: '_', name: 'new-file' },
    subscription: 'projects/p/subscriptions/s',
    open,
    maxInFlight: 4,
    log: () => undefined,
  });
  const app = routeFeed(flow, AUTH);
  const ask = async (
    method: string,
    path: string,
    body?: object,
    headers: Record<string, string> = { authorization },
  ) => {
    const answer = await app.request(path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  return { flow, sources, ask };
}

const PATH = '/triggers/guest/new-file';

describe('the flow of the service', () => {
  test('starts with CREATE and ends with DELETE of the feed action', async () => {
    const { flow, sources, ask } = service();
    await flow.restore();
    expect(await ask('GET', PATH)).toMatchObject({ status: 404 });
    expect(await ask('PUT', PATH, { bucket: 'in' })).toMatchObject({
      status: 200,
      body: { source: 'projects/p/subscriptions/s', inFlight: 0, fired: 0 },
    });
    await ask('PUT', PATH, { bucket: 'in' });
    expect(sources).toHaveLength(1);
    sources[0]?.send('a.jpg');
    await vi.waitFor(() => expect(sources[0]?.ends.get('a.jpg')).toBe('ack'));
    expect(fired).toEqual([
      {
        path: '/api/v1/namespaces/_/triggers/new-file',
        authorization,
        event: { bucket: 'in', name: 'a.jpg', generation: '1700000000000001', contentType: 'image/jpeg', size: 3 },
      },
    ]);
    expect(await ask('DELETE', PATH)).toMatchObject({ status: 200 });
    expect(sources[0]?.history.at(-1)).toBe('close');
    expect(await ask('DELETE', PATH)).toMatchObject({
      status: 404,
      body: { error: expect.stringMatching(/not found/) },
    });
    await ask('PUT', PATH, { bucket: 'in' });
    expect(sources).toHaveLength(2);
    await flow.close();
  });

  test('goes on after a restart if the trigger has a feed, and only then', async () => {
    trigger = { status: 200, body: '{"annotations":[{"key":"feed","value":"/_/pdfmagic/new-file-feed"}]}' };
    const on = service();
    await on.flow.restore();
    expect(on.sources).toHaveLength(1);
    await on.flow.close();
    expect(on.sources[0]?.history.at(-1)).toBe('close');
    trigger = { status: 200, body: '{"annotations":[]}' };
    const off = service();
    await off.flow.restore();
    expect(off.sources).toHaveLength(0);
  });

  test('is not ready until OpenWhisk has said so; the 404 of an ingress with nothing behind it is no answer', async () => {
    trigger = { status: 404, body: 'default backend - 404' };
    const { flow, ask } = service();
    const restored = flow.restore();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await ask('GET', '/ready')).toMatchObject({ status: 503, body: { ready: false } });
    expect(await ask('GET', '/live')).toMatchObject({ status: 200 });
    trigger = { status: 200, body: '{}' };
    await restored;
    expect(await ask('GET', '/ready')).toEqual({ status: 200, body: { ready: true } });
    await flow.close();
    expect(await ask('GET', '/ready')).toMatchObject({ status: 503, body: { reason: 'the service is stopping' } });
    expect(await ask('PUT', PATH, { bucket: 'in' })).toMatchObject({ status: 409 });
  });

  test('is for whoever has the key, for its own trigger, and wants a bucket', async () => {
    const { flow, ask, sources } = service();
    await flow.restore();
    for (const headers of [{}, { authorization: `${authorization}x` }, { authorization: 'Basic' }])
      for (const method of ['PUT', 'GET', 'DELETE'])
        expect(await ask(method, PATH, method === 'PUT' ? { bucket: 'in' } : undefined, headers)).toMatchObject({
          status: 401,
        });
    expect(await ask('PUT', '/triggers/guest/other', { bucket: 'in' })).toMatchObject({
      status: 409,
      body: { error: expect.stringMatching(/fires _\/new-file, not guest\/other/) },
    });
    expect(await ask('PUT', PATH, {})).toMatchObject({ status: 400, body: { error: expect.stringMatching(/bucket/) } });
    expect(sources).toHaveLength(0);
  });

  test.each([
    ['204, as no rule is active', { status: 204, body: '' }, 'ack'],
    ['400', { status: 400, body: '{"error":"malformed"}' }, 'refuse'],
    ['413', { status: 413, body: '{"error":"too large"}' }, 'refuse'],
  ] as const)('takes %s for an end', async (_, answer, end) => {
    const { flow, ask, sources } = service();
    fire = answer;
    await flow.restore();
    await ask('PUT', PATH, { bucket: 'in' });
    sources[0]?.send('a.jpg');
    await vi.waitFor(() => expect(sources[0]?.ends.get('a.jpg')).toBe(end));
    expect(fired).toHaveLength(1);
    await flow.close();
  });

  test.each([429, 401, 403, 404, 500, 502, 503])('tries on after %i, and says so', async (status) => {
    const { flow, ask, sources } = service();
    fire = { status, body: '{"error":"played"}' };
    await flow.restore();
    await ask('PUT', PATH, { bucket: 'in' });
    sources[0]?.send('a.jpg');
    await vi.waitFor(async () => {
      expect((await ask('GET', PATH)).body.trouble).toBe(`OpenWhisk answered ${status}: played`);
    });
    fire = { status: 202, body: '{}' };
    await vi.waitFor(() => expect(sources[0]?.ends.get('a.jpg')).toBe('ack'), { timeout: 10_000 });
    await flow.close();
  });
});
