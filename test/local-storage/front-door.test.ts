import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FrontDoor, openFrontDoor } from '../../local/storage/front-door';
import { openEmulator } from './emulator';

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

  it('turns web pages away', async () => {
    expect(await ask('/storage/v1/b', { headers: { origin: 'https://example.com' } })).toMatchObject({ status: 403 });
    expect(await ask('/storage/v1/b', { headers: { 'sec-fetch-site': 'cross-site' } })).toMatchObject({ status: 403 });
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
  afterAll(() => door?.close());

  it('asks clients to come again', async () => {
    door = await openFrontDoor('127.0.0.1', 0, async () => undefined);
    const answer = await fetch(`${door.endpoint}/storage/v1/b`);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
  });

  it('says so when its port is taken', async () => {
    const port = Number(new URL(door.endpoint).port);
    await expect(openFrontDoor('127.0.0.1', port, async () => undefined)).rejects.toThrow(`Port ${port} of 127.0.0.1`);
  });
});
