import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FrontDoor, openFrontDoor } from '../../platform/storage/front-door';
import { openEmulator, rawRequest, temporaryFolder } from './emulator';

/** A folder with a bucket, and nobody to write into it. */
const dataDir = temporaryFolder();
mkdirSync(path.join(dataDir, 'objects', 'door'), { recursive: true });
const NO_DISK = { dataDir, log: () => undefined };

describe('the front door of the storage emulator', () => {
  let lab: Awaited<ReturnType<typeof openEmulator>>;

  beforeAll(async () => {
    lab = await openEmulator();
    await lab.client().createBucket('door');
  }, 120_000);
  afterAll(() => lab?.close());

  const ask = async (target: string, init: RequestInit = {}) => {
    const answer = await fetch(`${lab.endpoint}${target}`, init);
    return { status: answer.status, body: await answer.text() };
  };
  const upload = (type: string, contentType: string, body: string, query = '') =>
    ask(`/upload/storage/v1/b/door/o?uploadType=${type}${query}`, {
      method: 'POST',
      headers: { 'content-type': contentType },
      body,
    });
  const multipart = (metadata: string, content = 'content') =>
    `--B\r\nContent-Type: application/json\r\n\r\n${metadata}\r\n--B\r\nContent-Type: text/plain\r\n\r\n${content}\r\n--B--`;

  it('keeps the labels that a bucket was made with, which the server forgets, and none of an earlier one of its name', async () => {
    const bucket = lab.client().bucket('labelled');
    await bucket.create({ labels: { pulumi: 'mine' } });
    expect((await bucket.getMetadata())[0].labels).toEqual({ pulumi: 'mine' });
    expect((await lab.client().getBuckets())[0].find(({ name }) => name === 'labelled')?.metadata.labels).toEqual({
      pulumi: 'mine',
    });
    await expect(lab.client().createBucket('labelled', { labels: { pulumi: 'theirs' } })).rejects.toThrow();
    expect((await bucket.getMetadata())[0].labels).toEqual({ pulumi: 'mine' });
    await bucket.delete();
    await bucket.create();
    expect((await bucket.getMetadata())[0].labels).toEqual({});
    await bucket.delete();
  });

  it('turns web pages away', async () => {
    expect(await ask('/storage/v1/b', { headers: { origin: 'https://example.com' } })).toMatchObject({ status: 403 });
    expect(await ask('/storage/v1/b', { headers: { 'sec-fetch-site': 'cross-site' } })).toMatchObject({ status: 403 });
  });

  it.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '10.0.0.1', '[::2]', '127.1.example'])(
    'turns away the page of another name that was pointed here: %s',
    async (name) => {
      const { port } = new URL(lab.endpoint);
      const headers = { host: `${name}:${port}`, 'sec-fetch-site': 'same-origin' };
      const answer = await rawRequest(lab.endpoint, 'GET', '/storage/v1/b', headers);
      expect(answer).toContain(' 403 ');
      expect(answer).toContain(`This emulator is not \\"${name}:${port}\\"`);
    },
  );

  it.each(['localhost', 'LOCALHOST', '127.0.0.1', '127.8.9.1', '[::1]'])('answers as %s', async (name) => {
    for (const host of [name, `${name}:4443`])
      expect(await rawRequest(lab.endpoint, 'GET', '/storage/v1/b', { host })).toContain(' 200 ');
  });

  const BODIES: [string, Record<string, string>, string][] = [
    ['of a length', { 'content-length': '2' }, '{}'],
    ['in chunks', { 'transfer-encoding': 'chunked' }, '2\r\n{}\r\n0\r\n\r\n'],
    ['that does not come', { 'content-length': '9' }, ''],
  ];
  it.each(['GET', 'HEAD', 'DELETE', 'OPTIONS'].flatMap((method) => BODIES.map((body) => [method, ...body] as const)))(
    'answers %s with a body %s',
    async (method, _, headers, body) => {
      expect(await rawRequest(lab.endpoint, method, '/storage/v1/b/door/o/none', headers, body)).toMatch(
        method === 'OPTIONS' ? /^HTTP\/1.1 200 / : /^HTTP\/1.1 404 /,
      );
    },
  );

  it('sends no part of a body as a request of its own', async () => {
    const hidden = 'POST /storage/v1/b HTTP/1.1\r\nHost: x\r\nContent-Length: 17\r\n\r\n{"name":"hidden"}';
    const chunked = `${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`;
    for (const method of ['DELETE', 'GET'])
      await rawRequest(lab.endpoint, method, '/storage/v1/b/door/o/none', { 'transfer-encoding': 'chunked' }, chunked);
    expect(JSON.parse((await ask('/storage/v1/b')).body).items.map((b: { name: string }) => b.name)).toEqual(['door']);
  });

  const invalid = { status: 400, body: expect.stringContaining('"reason":"invalid"') };

  it.each(['maxResults=-1', 'maxResults=x', 'maxResults=99999999999', 'prefix=%ff', 'prefix=100%'])(
    'refuses to list with %s',
    async (query) => {
      expect(await ask(`/storage/v1/b/door/o?${query}`)).toMatchObject(invalid);
    },
  );

  it.each([
    ['a header without a colon', 'no colon\r\n\r\nx\r\n--B--'],
    ['an end that is missing', 'Content-Type: text/plain\r\n\r\nx'],
  ])('refuses an upload whose second part has %s', async (_, second) => {
    const body = `--B\r\nContent-Type: application/json\r\n\r\n{"name":"m"}\r\n--B\r\n${second}`;
    expect(await upload('multipart', 'multipart/related; boundary=B', body)).toMatchObject(invalid);
    expect(await ask('/storage/v1/b/door/o/m')).toMatchObject({ status: 404 });
  });

  it.each([
    ['multipart', '&name=q', 'multipart/related', multipart('{}')],
    ['multipart', '&name=q', 'multipart/related; boundary=B', multipart('not json')],
    ['resumable', '&name=q', 'application/json', 'not json'],
    ['media', '&name=%ff', 'text/plain', 'x'],
    ['media', '&name=100%', 'text/plain', 'x'],
    ['resumable', '', 'application/json', '{"name": "\\ud800"}'],
  ])('refuses a malformed %s upload (%s, %s, %s)', async (type, query, contentType, body) => {
    expect(await upload(type, contentType, body, query)).toMatchObject(invalid);
  });

  it('answers metadata that is too large', async () => {
    const answer = await upload('resumable', 'application/json', JSON.stringify({ name: 'x'.repeat(3_000_000) }));
    expect(answer).toMatchObject({ status: 413 });
  });

  it('finds the name of an upload in its metadata, however escaped', async () => {
    const stored = await upload(
      'multipart',
      'multipart/related; boundary=B',
      multipart('{"name": "\\u002e\\u002e/\\u002e\\u002e/x"}'),
    );
    expect(stored).toMatchObject({ status: 200 });
    expect(JSON.parse(stored.body)).toMatchObject({ name: '../../x' });
    const [files] = await lab.client().bucket('door').getFiles();
    expect(files.map((file) => file.name)).toEqual(['../../x']);
  });

  it('lets the name in the query win over the one in the metadata', async () => {
    const body = multipart('{"name": "../in-metadata"}');
    const stored = await upload('multipart', 'multipart/related; boundary="B"', body, '&name=in-query&name=../second');
    expect(JSON.parse(stored.body)).toMatchObject({ name: 'in-query' });
  });

  it.each([
    ['multipart', 'multipart/related; boundary=B', multipart('{}')],
    ['multipart', 'multipart/related; boundary=B', multipart('not json')],
    ['multipart', 'multipart/related; boundary=B', '--B\r\n\r\n{"name": "x"}'],
    ['multipart', 'multipart/related; boundary=B', ''],
    ['multipart', 'multipart/related', multipart('{"name": "x"}')],
    ['multipart', 'multipart/related; boundary=B', multipart('{"name": ".."}')],
    ['resumable', 'application/json', '{"name": ["x"]}'],
    ['resumable', 'application/json', '[]'],
    ['media', 'text/plain', 'no name at all'],
  ])('refuses a %s upload without a good name (%s)', async (type, contentType, body) => {
    expect(await upload(type, contentType, body)).toMatchObject({ status: 400 });
  });

  it.each([
    ['PUT', '/_internal/config'],
    ['POST', '/_internal/reseed'],
    ['POST', '/batch/storage/v1'],
    ['POST', '/door'],
    ['GET', '/'],
    ['GET', '/storage/v1/b/door/o/%ff'],
  ])('does not let %s %s through', async (method, target) => {
    expect(await ask(target, { method })).toMatchObject({ status: 404 });
  });

  it.each([
    '/storage/v1/b/..%2f/o/x',
    '/%2e%2e%2f%2e%2e/etc',
    '/storage/v1/b/door/o/x/copyTo/b/..%2f/o/y',
    '/download/storage/v1/b/..%2F../o/x',
  ])('refuses %s, which is no bucket', async (target) => {
    const method = target.includes('copyTo') ? 'POST' : 'GET';
    expect(await ask(target, { method })).toMatchObject({
      status: 400,
      body: expect.stringContaining('Invalid bucket name'),
    });
  });
});

describe('the front door with nothing behind it', () => {
  let door: FrontDoor;
  afterAll(async () => {
    await door?.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('asks clients to come again', async () => {
    door = await openFrontDoor({ host: '127.0.0.1', port: 0 }, async () => undefined, NO_DISK);
    const answer = await fetch(`${door.endpoint}/storage/v1/b`);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
  });

  it('takes an answer that is cut off for none, and asks again', async () => {
    let asked = 0;
    writeFileSync(path.join(dataDir, 'objects', 'door', 'kept~'), 'still here');
    const dying = http.createServer((_, response) => {
      const known = JSON.stringify({ size: '10', generation: '1', updated: '2026-01-01T00:00:00Z' });
      asked += 1;
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': known.length });
      if (asked > 1) response.end(known);
      else response.write(known.slice(0, 20), () => response.destroy());
    });
    const port = await new Promise<number>((resolve) => {
      dying.listen(0, '127.0.0.1', () => resolve((dying.address() as AddressInfo).port));
    });
    const patient = await openFrontDoor(
      { host: '127.0.0.1', port: 0 },
      async () => ({ host: '127.0.0.1', port }),
      NO_DISK,
    );
    try {
      expect(await (await fetch(`${patient.endpoint}/download/storage/v1/b/door/o/kept`)).text()).toBe('still here');
      expect(asked).toBe(2);
      asked = 0;
      // A change may have been made: its client is told, not the server asked twice.
      const write = `${patient.endpoint}/upload/storage/v1/b/door/o?uploadType=media&name=new`;
      expect((await fetch(write, { method: 'POST', body: 'x' })).status).toBe(503);
      expect(asked).toBe(1);
    } finally {
      await patient.close();
      dying.close();
    }
  });

  it('answers whoever sends an object to a server that dies meanwhile', async () => {
    const dying = http.createServer((request) => void request.socket.resetAndDestroy());
    const port = await new Promise<number>((resolve) => {
      dying.listen(0, '127.0.0.1', () => resolve((dying.address() as AddressInfo).port));
    });
    const polite = await openFrontDoor(
      { host: '127.0.0.1', port: 0 },
      async () => ({ host: '127.0.0.1', port }),
      NO_DISK,
    );
    try {
      const url = `${polite.endpoint}/upload/storage/v1/b/door/o?uploadType=media&name=a`;
      for (const bytes of [10, 4_000_000]) {
        expect((await fetch(url, { method: 'POST', body: new Uint8Array(bytes) })).status).toBe(503);
      }
    } finally {
      await polite.close();
      dying.closeAllConnections();
      dying.close();
    }
  });

  it('cuts off who may not connect', async () => {
    const asked: string[] = [];
    const clients = (address: string) => asked.push(address) > 1;
    const choosy = await openFrontDoor({ host: '127.0.0.1', port: 0, clients }, async () => undefined, NO_DISK);
    const ask = () => fetch(`${choosy.endpoint}/storage/v1/b`, { headers: { connection: 'close' } });
    await expect(ask()).rejects.toThrow();
    expect((await ask()).status).toBe(503);
    expect(asked).toEqual(['127.0.0.1', '127.0.0.1']);
    await choosy.close();
  });

  it('says so when its port is taken', async () => {
    const port = Number(new URL(door.endpoint).port);
    await expect(openFrontDoor({ host: '127.0.0.1', port }, async () => undefined, NO_DISK)).rejects.toThrow(
      `Port ${port} of 127.0.0.1`,
    );
  });
});
