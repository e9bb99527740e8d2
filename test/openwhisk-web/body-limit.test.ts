/** Bodies over real sockets: what is too large is cut while it arrives, whoever says what about its length. */
import { type AddressInfo, connect, type Socket } from 'node:net';
import { type ServerType, serve } from '@hono/node-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../ground/json';
import { appWith, GUEST } from './fake-core';
import { managementOf } from './management-client';

const MIB = 1_048_576;
const { app } = appWith({
  'guest/length': { run: (payload: JsonObject) => ({ body: String(payload.__ow_body).length }) },
});
let server: ServerType;
let port: number;

beforeAll(async () => {
  for (const verb of ['post', 'get']) {
    await managementOf(app).create({ path: '/l', verb, action: 'length', type: 'http' });
  }
  await new Promise<void>((resolve) => {
    server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, (info: AddressInfo) => {
      port = info.port;
      resolve();
    });
  });
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

/** Sends pieces until all are sent or an answer has come, and reads the answer to its end. */
async function exchange(
  head: string,
  pieces: Iterable<Buffer>,
): Promise<{ status: number; text: string; sent: number }> {
  const socket: Socket = connect(port, '127.0.0.1');
  const received: Buffer[] = [];
  let broken = false;
  const ended = new Promise<void>((resolve) => {
    socket.on('close', () => resolve());
    socket.on('error', () => {
      broken = true;
    });
  });
  socket.on('data', (chunk: Buffer) => received.push(chunk));
  socket.write(head.replaceAll('\n', '\r\n'));
  let sent = 0;
  for (const piece of pieces) {
    if (received.length > 0 || broken || socket.destroyed) break;
    sent += piece.length;
    if (!socket.write(piece)) {
      await Promise.race([new Promise<void>((resolve) => socket.once('drain', () => resolve())), ended]);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  socket.end();
  await ended;
  const text = Buffer.concat(received).toString('latin1');
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]), text, sent };
}

const chunk = (bytes: number) => Buffer.from(`${bytes.toString(16)}\r\n${'x'.repeat(bytes)}\r\n`, 'latin1');
function* endless(): Generator<Buffer> {
  for (let n = 0; n < 10_000; n += 1) yield chunk(65_536);
}
const head = (path: string, ...more: string[]) =>
  [
    'POST',
    ` ${path} HTTP/1.1\nhost: x\nconnection: close\ncontent-type: text/plain\n`,
    ...more.map((l) => `${l}\n`),
    '\n',
  ].join('');

describe.each([
  ['a web action', '/api/v1/web/guest/default/length'],
  ['a route of the gateway', `/api/${GUEST.uuid}/b/l`],
])('%s', (_what, path) => {
  it('takes a body of exactly the limit, with its length or in chunks', async () => {
    const stated = await exchange(head(path, `content-length: ${MIB}`), [Buffer.alloc(MIB, 'x')]);
    expect([stated.status, stated.text.endsWith(String(MIB))]).toEqual([200, true]);
    const chunked = await exchange(head(path, 'transfer-encoding: chunked'), [chunk(MIB), Buffer.from('0\r\n\r\n')]);
    expect(chunked.status).toBe(200);
  });

  it('takes the body of a GET, which only HTTP itself knows of', async () => {
    const get = (bytes: number) => head(path, `content-length: ${bytes}`).replace('POST', 'GET');
    const taken = await exchange(get(3), [Buffer.from('abc')]);
    expect([taken.status, taken.text.endsWith('3')]).toEqual([200, true]);
    const inOnePiece = await exchange(`${get(4)}abcd`, []);
    expect([inOnePiece.status, inOnePiece.text.endsWith('4')]).toEqual([200, true]);
    expect((await exchange(get(MIB + 1), [])).status).toBe(413);
    const chunked = head(path, 'transfer-encoding: chunked').replace('POST', 'GET');
    expect((await exchange(chunked, endless())).status).toBe(413);
  });

  it('refuses one byte more before anything of it has come', async () => {
    const answer = await exchange(head(path, `content-length: ${MIB + 1}`), []);
    expect(answer.status).toBe(413);
    expect(answer.text).toContain(`Request larger than allowed: ${MIB + 1} > ${MIB} bytes.`);
  });

  it('tells who is still sending, and does not notice the answer before all is sent', async () => {
    const socket = connect(port, '127.0.0.1');
    const failures: Error[] = [];
    socket.on('error', (error) => failures.push(error));
    socket.pause();
    socket.write(head(path, `content-length: ${5 * MIB}`).replaceAll('\n', '\r\n'));
    for (let sent = 0; sent < 5 * MIB; sent += MIB / 4) {
      await new Promise((resolve) => socket.write(Buffer.alloc(MIB / 4, 'x'), resolve));
      // Longer in all than the half second for which the server library waits by itself.
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    expect(failures).toEqual([]);
    expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1\.1 413 [\s\S]*Request larger than allowed/);
  });

  it('cuts a stream without end soon after the limit', async () => {
    const answer = await exchange(head(path, 'transfer-encoding: chunked'), endless());
    expect(answer.status).toBe(413);
    expect(answer.sent).toBeLessThan(64 * MIB);
  });

  it('outlives a caller who leaves in the middle of a body, and chunks that are none', async () => {
    await exchange(head(path, 'content-length: 1000'), [Buffer.from('half')]);
    expect((await exchange(head(path, 'transfer-encoding: chunked'), [Buffer.from('zz\r\n')])).status).toBe(400);
    expect((await exchange(head(path, 'content-length: 2'), [Buffer.from('ok')])).status).toBe(200);
  });
});
