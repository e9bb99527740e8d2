import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bucket } from '@google-cloud/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCuttingProxy } from './cutting-proxy';
import { clientOf, openEmulator, until } from './emulator';

const UNIT = 256 * 1024;
let lab: Awaited<ReturnType<typeof openEmulator>>;
let bucket: Bucket;
beforeAll(async () => {
  lab = await openEmulator();
  [bucket] = await lab.client().createBucket('sessions');
}, 120_000);
afterAll(() => lab?.close());

const CONTENT = Buffer.from(Array.from({ length: 1_300_000 }, (_, at) => at % 251));
const TOTAL = CONTENT.length;

async function begin(name: string, metadata: object = {}): Promise<string> {
  const answer = await fetch(`${lab.endpoint}/upload/storage/v1/b/sessions/o?uploadType=resumable&name=${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(metadata),
  });
  expect(answer.status).toBe(200);
  return answer.headers.get('location') ?? '';
}
async function send(session: string, range: string | undefined, body: Buffer = Buffer.alloc(0), method = 'PUT') {
  const headers: Record<string, string> = range === undefined ? {} : { 'content-range': range };
  const answer = await fetch(session, { method, headers, ...(method === 'PUT' && { body: new Uint8Array(body) }) });
  return { status: answer.status, range: answer.headers.get('range'), text: await answer.text() };
}
const piece = (session: string, first: number, end: number, total: number | string = TOTAL) =>
  send(session, `bytes ${first}-${end - 1}/${total}`, CONTENT.subarray(first, end));
const there = async (name: string) => (await bucket.file(name).exists())[0];
const whole = async (name: string) => expect((await bucket.file(name).download())[0].equals(CONTENT)).toBe(true);

/** Sends a part of a piece, then breaks the connection. */
function breakOff(session: string, first: number, bytes: number): Promise<void> {
  const { hostname, port, host, pathname, search } = new URL(session);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => {
      const head = `PUT ${pathname}${search} HTTP/1.1\r\nhost: ${host}\r\ncontent-length: ${TOTAL - first}\r\n`;
      socket.write(`${head}content-range: bytes ${first}-${TOTAL - 1}/${TOTAL}\r\n\r\n`);
      socket.write(CONTENT.subarray(first, first + bytes), () => setTimeout(() => socket.destroy(), 50));
    });
    socket.once('close', () => resolve());
  });
}

describe('a resumable upload', () => {
  it('says how much has come, however often it is asked, and becomes an object only as a whole', async () => {
    const session = await begin('asked');
    expect(await send(session, 'bytes */*')).toMatchObject({ status: 308, range: null });
    expect(await piece(session, 0, UNIT)).toMatchObject({ status: 308, range: `bytes=0-${UNIT - 1}` });
    for (const range of ['bytes */*', `bytes */${TOTAL}`])
      expect(await send(session, range)).toMatchObject({ status: 308, range: `bytes=0-${UNIT - 1}` });
    expect(await there('asked')).toBe(false);
    expect((await piece(session, UNIT, TOTAL)).status).toBe(200);
    await whole('asked');
    // Who did not hear that it is done asks again.
    expect(JSON.parse((await send(session, 'bytes */*')).text)).toMatchObject({ name: 'asked', size: `${TOTAL}` });
  });

  it('goes on after a broken connection, from whole units of what came', async () => {
    const session = await begin('broken');
    await breakOff(session, 0, UNIT + 1000);
    await until('the server has noticed', async () => (await send(session, 'bytes */*')).range !== null);
    expect(await send(session, `bytes */${TOTAL}`)).toMatchObject({ status: 308, range: `bytes=0-${UNIT - 1}` });
    expect(await there('broken')).toBe(false);
    expect((await piece(session, UNIT, TOTAL)).status).toBe(200);
    await whole('broken');
  });

  it('does not wait for a connection that its client has given up', async () => {
    const session = await begin('given-up');
    const { hostname, port, host, pathname, search } = new URL(session);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    socket.write(
      `PUT ${pathname}${search} HTTP/1.1\r\nhost: ${host}\r\ncontent-length: ${TOTAL}\r\ncontent-range: bytes 0-${TOTAL - 1}/${TOTAL}\r\n\r\n`,
    );
    socket.write(CONTENT.subarray(0, 2 * UNIT));
    await sleep(100);
    expect(await send(session, 'bytes */*')).toMatchObject({ status: 308, range: `bytes=0-${2 * UNIT - 1}` });
    socket.destroy();
  });

  it('skips bytes that it has, and takes none with a gap before them', async () => {
    const session = await begin('overlap');
    await piece(session, 0, 2 * UNIT);
    expect((await piece(session, 3 * UNIT, 4 * UNIT)).status).toBe(503);
    expect(await send(session, 'bytes */*')).toMatchObject({ range: `bytes=0-${2 * UNIT - 1}` });
    expect(await piece(session, UNIT, 3 * UNIT)).toMatchObject({ status: 308, range: `bytes=0-${3 * UNIT - 1}` });
    expect((await piece(session, 0, TOTAL)).status).toBe(200);
    await whole('overlap');
  });

  it('keeps whole units of a piece that is none, and is still to end', async () => {
    const session = await begin('odd');
    expect(await piece(session, 0, UNIT + 5)).toMatchObject({ status: 308, range: `bytes=0-${UNIT - 1}` });
    expect(await piece(session, UNIT, UNIT + 5, '*')).toMatchObject({ status: 308, range: `bytes=0-${UNIT - 1}` });
  });

  it.each([
    ['a size that was another before', `bytes ${UNIT}-${2 * UNIT - 1}/999999`, UNIT],
    ['more bytes than the size', `bytes ${UNIT}-${TOTAL}/${TOTAL}`, TOTAL + 1 - UNIT],
    ['a body of another length', `bytes ${UNIT}-${2 * UNIT - 1}/${TOTAL}`, UNIT - 7],
    ['a body that is too long', `bytes ${UNIT}-${2 * UNIT - 1}/${TOTAL}`, UNIT + 7],
    ['no range', 'bytes nonsense', 5],
    ['a range backwards', `bytes ${UNIT + 9}-${UNIT}/${TOTAL}`, 5],
  ])('refuses %s, and keeps what it has', async (_, range, bytes) => {
    const session = await begin('wrong');
    await piece(session, 0, UNIT);
    expect((await send(session, range, Buffer.alloc(bytes))).status).toBe(400);
    expect(await send(session, 'bytes */*')).toMatchObject({ status: 308, range: `bytes=0-${UNIT - 1}` });
    expect(await there('wrong')).toBe(false);
  });

  it('ends where its body ends when its size is not known, and may be empty', async () => {
    expect((await send(await begin('all'), undefined, CONTENT)).status).toBe(200);
    await whole('all');
    expect((await send(await begin('streamed'), 'bytes 0-*/*', CONTENT)).status).toBe(200);
    await whole('streamed');
    expect((await send(await begin('empty'), 'bytes */0')).status).toBe(200);
    expect((await bucket.file('empty').getMetadata())[0].size).toBe('0');
  });

  it('is cancelled for good, and one that never was is not found', async () => {
    const session = await begin('cancelled');
    await piece(session, 0, UNIT);
    expect((await send(session, undefined, undefined, 'DELETE')).status).toBe(499);
    expect((await piece(session, UNIT, TOTAL)).status).toBe(499);
    expect(await there('cancelled')).toBe(false);
    for (const id of ['nonsense', '0'.repeat(32), '../../x'])
      expect(
        (await send(session.replace(/upload_id=.*/, `upload_id=${encodeURIComponent(id)}`), 'bytes */*')).status,
      ).toBe(404);
  });

  it('outlives the platform', async () => {
    const session = await begin('restarted', { metadata: { by: 'a student' }, contentType: 'image/jpeg' });
    await piece(session, 0, 3 * UNIT);
    await lab.restart();
    expect(await send(session, 'bytes */*')).toMatchObject({ status: 308, range: `bytes=0-${3 * UNIT - 1}` });
    expect((await piece(session, 3 * UNIT, TOTAL)).status).toBe(200);
    await whole('restarted');
    const [metadata] = await bucket.file('restarted').getMetadata();
    expect(metadata).toMatchObject({ contentType: 'image/jpeg', metadata: { by: 'a student' } });
  });

  it('is made whole by the official client over a connection that breaks', async () => {
    for (const at of [300_000, 700_000, 1_200_000]) {
      const proxy = await openCuttingProxy(lab.endpoint, at);
      const file = clientOf(proxy.url).bucket('sessions').file(`cut ${at}`);
      await file.save(CONTENT, {
        resumable: true,
        chunkSize: UNIT,
        metadata: { contentType: 'image/jpeg' },
        // Without one, this client does not try again.
        preconditionOpts: { ifGenerationMatch: 0 },
      });
      expect(proxy.cuts).toBe(1);
      await whole(`cut ${at}`);
      proxy.close();
    }
  }, 60_000);

  it('leaves no bytes behind', () => {
    const left = readdirSync(path.join(lab.dataDir, 'uploads')).filter((file) => file.endsWith('.body'));
    expect(left).toEqual([]);
  });
});
