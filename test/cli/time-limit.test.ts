/** A server that takes a request and never answers: whoever waits has its end, and says so. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Http } from '../../cli/client/http';

const open = new Set<Socket>();
let server: Server;
let url: string;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  server = createServer((socket) => void open.add(socket.on('error', () => undefined))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  vi.useRealTimers();
  for (const socket of open) socket.destroy();
  open.clear();
  server.close();
});

/** Resolves when the server has read something. */
async function heard(): Promise<Socket> {
  const [socket] = open.size > 0 ? [...open] : ((await once(server, 'connection')) as [Socket]);
  if (socket === undefined) throw new Error('no connection');
  await once(socket, 'data');
  return socket;
}

describe.each([
  ['a client of few requests', false],
  ['a client of many requests', true],
])('%s', (_, many) => {
  const ask = () => new Http({ caCertificate: undefined, insecure: false }, many).ask(url).then(String, String);

  test('does not wait without end for an answer', async () => {
    const answer = ask();
    await heard();
    await vi.advanceTimersByTimeAsync(1000_000);
    expect(await answer).toMatch(/cannot be reached: no answer within \d+ s\.$/);
  });

  test('does not wait without end for the rest of an answer', async () => {
    const answer = ask();
    (await heard()).write('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhalf');
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    await vi.advanceTimersByTimeAsync(1000_000);
    expect(await answer).toMatch(/cannot be reached: no answer within \d+ s\.$/);
  });

  test('ends with its signal, before and after it has begun, and the server hears of it', async () => {
    const http = new Http({ caCertificate: undefined, insecure: false }, many);
    const stop = new AbortController();
    const answer = http.ask(url, { signal: stop.signal }).then(String, String);
    const socket = await heard();
    stop.abort(new Error('enough'));
    expect(await answer).toMatch(/enough|abort/);
    if (!socket.closed) await once(socket, 'close');
    await expect(http.ask(url, { signal: stop.signal })).rejects.toThrow(/enough|abort/);
  });

  test('does not take more than it asked for', async () => {
    const http = new Http({ caCertificate: undefined, insecure: false }, many);
    const answer = http.ask(url, { largest: 3 }).then(String, String);
    (await heard()).write('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nwhole');
    expect(await answer).toMatch(/its answer is larger than 3 bytes/);
  });
});
