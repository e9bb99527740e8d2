/** What passes between whoever calls and an instance; the instance is a server of the test. */
import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createAdaptorServer } from '@hono/node-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Revision } from '../../platform/cloudrun/revision';
import { routeTraffic } from '../../platform/cloudrun/traffic';

const MIB = 1024 * 1024;
const LIMIT = 32 * MIB;
let instance: Server;
let front: ReturnType<typeof createAdaptorServer>;
let url: string;
/** Requests that the instance has begun to get. */
let begun = 0;

beforeAll(async () => {
  instance = createServer(async (incoming, response) => {
    begun += 1;
    if (incoming.url === '/silent') return;
    let bytes = 0;
    try {
      for await (const chunk of incoming) bytes += (chunk as Buffer).length;
    } catch {
      return; // Cut off.
    }
    const { method, url: path, headers } = incoming;
    if (path === '/empty') return void response.writeHead(200, { 'content-length': 0 }).end();
    if (path === '/nothing') return void response.writeHead(204).end();
    const length = headers['content-length'];
    const answer = JSON.stringify({ method, path, bytes, length, given: headers['x-given'] });
    response.writeHead(201, { 'x-own': 'yes', 'set-cookie': ['a=1', 'b=2'] }).end(answer);
  }).listen(0, '127.0.0.1');
  await once(instance, 'listening');
  const at = `http://127.0.0.1:${(instance.address() as AddressInfo).port}`;
  const launch = () => Promise.resolve({ url: at, pid: 1, ended: new Promise<void>(() => {}), stop: async () => {} });
  const revision = new Revision({ launch, concurrency: 2, maxInstances: 1, idleMs: 60_000, patienceMs: 60_000 });
  const services = {
    findService: (name: string) => (name === 'convert' ? { timeout: 3 } : undefined),
    findRevision: (name: string) => (name === 'convert' ? revision : undefined),
  };
  front = createAdaptorServer({ fetch: routeTraffic(services).fetch });
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  url = `http://127.0.0.1:${(front.address() as AddressInfo).port}/run`;
});
afterAll(() => {
  for (const server of [front, instance]) if ('closeAllConnections' in server) server.closeAllConnections();
  front.close();
  instance.close();
});

/** Begins a chunked upload, and goes on as fast as it is taken. */
function hoard(path: string, bytes: number): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  socket.resume();
  socket.write(`POST /run/${path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n`);
  const chunk = Buffer.alloc(64 * 1024);
  const frame = Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')]);
  let written = 0;
  const go = (): void => {
    while (written < bytes && !socket.destroyed) {
      written += frame.length;
      if (!socket.write(frame)) return void socket.once('drain', go);
    }
  };
  go();
  return socket;
}

/** Watches for two seconds what this process holds more than before. */
async function holding<T>(begin: () => T): Promise<T> {
  const before = process.memoryUsage.rss();
  const uploads = begin();
  let most = 0;
  for (let n = 0; n < 80; n++) {
    await delay(25);
    most = Math.max(most, process.memoryUsage.rss() - before);
  }
  expect(most).toBeLessThan(300 * MIB);
  return uploads;
}

describe('a request to a service', () => {
  test('arrives as it was sent, and the answer as it was given', async () => {
    const answer = await fetch(`${url}/convert/a%2Fb/c?x=%20y`, {
      method: 'PUT',
      body: 'four',
      headers: { 'x-given': 'z' },
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('x-own')).toBe('yes');
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(await answer.json()).toEqual({ method: 'PUT', path: '/a%2Fb/c?x=%20y', bytes: 4, length: '4', given: 'z' });
    expect((await fetch(`${url}/convert/nothing`, { method: 'DELETE' })).status).toBe(204);
    const empty = await fetch(`${url}/convert/empty`);
    expect([empty.status, empty.headers.get('content-type')]).toEqual([200, null]);
    const head = await fetch(`${url}/convert`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([201, '']);
  });

  test('finds its service by a percent-encoded name, too', async () => {
    for (const name of ['conv%65rt', '%63onvert', 'convert']) {
      const answer = await fetch(`${url}/${name}/path`);
      expect(await answer.json()).toMatchObject({ path: '/path' });
    }
    expect(await (await fetch(`${url}/conv%65rt`)).json()).toMatchObject({ path: '/' });
  });

  test('to no service is refused, and nothing of it is held', async () => {
    for (const name of ['nobody', 'constructor', '__proto__', '%ff', 'convert%2f']) {
      expect((await fetch(`${url}/${name}/`)).status).toBe(404);
    }
    const all = await holding(() => Array.from({ length: 60 }, () => hoard('nobody/', 30 * MIB)));
    for (const socket of all) socket.destroy();
  });

  test('is read only when an instance has room for it', async () => {
    const before = begun;
    const all = await holding(() => Array.from({ length: 60 }, () => hoard('convert/silent', 30 * MIB)));
    expect(begun - before).toBe(2);
    for (const socket of all) socket.destroy();
  });

  test('above 32 MiB is refused, said to be so or found to be so; one of 32 MiB is not', async () => {
    expect((await fetch(`${url}/convert/`, { method: 'POST', body: new Uint8Array(LIMIT + 1) })).status).toBe(413);
    const body = (size: number) =>
      new ReadableStream({
        start: (controller) => {
          for (let left = size; left > 0; left -= MIB) controller.enqueue(new Uint8Array(Math.min(left, MIB)));
          controller.close();
        },
      });
    const post = (size: number) =>
      fetch(`${url}/convert/`, { method: 'POST', body: body(size), duplex: 'half' } as RequestInit);
    expect(await (await post(LIMIT)).json()).toMatchObject({ bytes: LIMIT });
    expect((await post(LIMIT + 1)).status).toBe(413);
  });

  test('without an answer in time is told so, and makes room for others', async () => {
    const late = await Promise.all([1, 2, 3].map(() => fetch(`${url}/convert/silent`, { method: 'POST', body: 'x' })));
    expect(late.map(({ status }) => status)).toEqual([504, 504, 504]);
    expect((await fetch(`${url}/convert/`)).status).toBe(201);
  });

  test('that its caller leaves makes room for others', async () => {
    for (let n = 0; n < 6; n++) {
      const outgoing = request(`${url}/convert/silent`, { method: 'POST' });
      outgoing.on('error', () => {});
      const seen = begun;
      outgoing.end('x');
      await expect.poll(() => begun).toBeGreaterThan(seen);
      outgoing.destroy();
    }
    expect((await fetch(`${url}/convert/`)).status).toBe(201);
  });
});
