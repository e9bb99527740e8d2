import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Bucket } from '@google-cloud/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmulator } from './emulator';

let lab: Awaited<ReturnType<typeof openEmulator>>;
let bucket: Bucket;
beforeAll(async () => {
  lab = await openEmulator();
  [bucket] = await lab.client().createBucket('as-google');
}, 120_000);
afterAll(() => lab?.close());

const ask = (method: string, target: string, headers: Record<string, string> = {}, body?: string) =>
  fetch(`${lab.endpoint}${target}`, { method, headers, ...(body !== undefined && { body }) });
const save = (name: string, content = 'x') => bucket.file(name).save(content, { resumable: false });

it.each([false, true])('gives a JPEG that bucket.upload() sends its type (resumable: %s)', async (resumable) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-upload-'));
  const file = path.join(folder, 'photo.jpg');
  writeFileSync(file, 'a photo');
  await bucket.upload(file, { resumable, destination: `photo-${resumable}.jpg` });
  rmSync(folder, { recursive: true });
  expect((await bucket.file(`photo-${resumable}.jpg`).getMetadata())[0].contentType).toBe('image/jpeg');
  const answer = await ask('HEAD', `/as-google/photo-${resumable}.jpg`);
  expect([answer.status, answer.headers.get('content-type'), answer.headers.get('content-length')]).toEqual([
    200,
    'image/jpeg',
    '7',
  ]);
});

describe('matchGlob', () => {
  const NAMES = ['a.jpg', 'a.jpeg', 'b.JPG', 'x/a.jpg', 'x/y/a.jpg', 'x/[1].jpg', 'x/*.jpg', 'ä.jpg'];
  beforeAll(async () => {
    for (const name of NAMES) await save(`glob/${name}`);
  }, 60_000);

  it.each([
    ['*.JPG', []],
    ['glob/*.jpg', ['a.jpg', 'ä.jpg']],
    ['glob/**.jpg', ['a.jpg', 'x/*.jpg', 'x/[1].jpg', 'x/a.jpg', 'x/y/a.jpg', 'ä.jpg']],
    ['**/a.jpg', ['a.jpg', 'x/a.jpg', 'x/y/a.jpg']],
    ['glob/?.jpg', ['a.jpg', 'ä.jpg']],
    ['glob/[a-b].{jpg,JPG}', ['a.jpg', 'b.JPG']],
    ['glob/a.{jpg,jpeg}', ['a.jpeg', 'a.jpg']],
    ['glob/[!a].jpg', ['ä.jpg']],
    ['glob/x/\\*.jpg', ['x/*.jpg']],
    ['glob/x/\\[1\\].jpg', ['x/[1].jpg']],
  ])('%s', async (matchGlob, wanted) => {
    const [files] = await bucket.getFiles({ matchGlob });
    expect(files.map(({ name }) => name.replace('glob/', ''))).toEqual(wanted);
  });

  it.each(['[a', '{a'])('refuses %s', async (matchGlob) => {
    await expect(bucket.getFiles({ matchGlob })).rejects.toMatchObject({ code: 400 });
  });
});

it('lists in order over all pages, each entry once', async () => {
  const names = ['p/a', 'p/a b', 'p/a-', 'p/a/1', 'p/a/2', 'p/a~', 'p/b', 'p/ä'];
  for (const name of names) await save(name);
  const all: string[] = [];
  let pageToken = '';
  do {
    const query = `prefix=p/&maxResults=3${pageToken && `&pageToken=${encodeURIComponent(pageToken)}`}`;
    const page = (await (await ask('GET', `/storage/v1/b/as-google/o?${query}`)).json()) as {
      items: { name: string }[];
      nextPageToken?: string;
    };
    expect(page.items.length).toBeLessThanOrEqual(3);
    all.push(...page.items.map(({ name }) => name));
    pageToken = page.nextPageToken ?? '';
  } while (pageToken !== '');
  expect(all).toEqual(names);
  const [files, , answer] = await bucket.getFiles({ prefix: 'p/', delimiter: '/', autoPaginate: false });
  expect(files.map(({ name }) => name)).toEqual(names.filter((name) => !name.includes('a/')));
  expect(answer).toMatchObject({ prefixes: ['p/a/'] });
  const [between] = await bucket.getFiles({ startOffset: 'p/a/1', endOffset: 'p/b' });
  expect(between.map(({ name }) => name)).toEqual(['p/a/1', 'p/a/2', 'p/a~']);
  expect((await ask('GET', '/storage/v1/b/as-google/o?pageToken=!')).status).toBe(400);
});

it('replaces metadata by a PUT, and changes what is named by a PATCH', async () => {
  await bucket
    .file('meta')
    .save('x', { resumable: false, metadata: { contentType: 'image/jpeg', metadata: { a: '1', b: '2' } } });
  const change = async (method: string, body: object) =>
    (await (
      await ask(method, '/storage/v1/b/as-google/o/meta', { 'content-type': 'application/json' }, JSON.stringify(body))
    ).json()) as object;
  expect(await change('PATCH', { metadata: { a: null, c: '3' } })).toMatchObject({
    contentType: 'image/jpeg',
    metadata: { b: '2', c: '3' },
  });
  const replaced = await change('PUT', { cacheControl: 'no-store', metadata: { d: '4' } });
  expect(replaced).toMatchObject({ cacheControl: 'no-store', metadata: { d: '4' }, metageneration: '3' });
  expect(replaced).not.toHaveProperty('contentType');
  expect(await change('PATCH', { metadata: null })).not.toHaveProperty('metadata');
  expect((await ask('PATCH', '/storage/v1/b/as-google/o/none', {}, '{}')).status).toBe(404);
});

it('takes a slash in a name of the JSON API encoded only, in one of the XML API either way', async () => {
  await save('folder/a b.jpg', 'slashed');
  expect(await (await ask('GET', '/as-google/folder/a%20b.jpg')).text()).toBe('slashed');
  expect(await (await ask('GET', '/as-google/folder%2Fa%20b.jpg')).text()).toBe('slashed');
  expect((await ask('GET', '/storage/v1/b/as-google/o/folder%2Fa%20b.jpg')).status).toBe(200);
  for (const start of ['/storage', '/download/storage'])
    expect((await ask('GET', `${start}/v1/b/as-google/o/folder/a%20b.jpg?alt=media`)).status).toBe(404);
});

it('gives ranges, and says so when there is none', async () => {
  await save('digits', '0123456789');
  const range = async (value: string) => {
    const answer = await ask('GET', '/as-google/digits', { range: value });
    return [answer.status, answer.headers.get('content-range'), answer.status < 300 ? await answer.text() : ''];
  };
  expect(await range('bytes=2-4')).toEqual([206, 'bytes 2-4/10', '234']);
  expect(await range('bytes=7-')).toEqual([206, 'bytes 7-9/10', '789']);
  expect(await range('bytes=-2')).toEqual([206, 'bytes 8-9/10', '89']);
  expect(await range('bytes=10-')).toEqual([416, 'bytes */10', '']);
});

it('unpacks what is stored packed, unless its client takes it so', async () => {
  await bucket.file('packed').save(gzipSync('unpacked'), { resumable: false, metadata: { contentEncoding: 'gzip' } });
  const plain = await ask('GET', '/as-google/packed', { 'accept-encoding': 'identity' });
  expect([plain.headers.get('content-encoding'), await plain.text()]).toEqual([null, 'unpacked']);
  expect((await bucket.file('packed').download())[0].toString()).toBe('unpacked');
  expect((await bucket.file('packed').download({ decompress: false }))[0]).toEqual(gzipSync('unpacked'));
});

it('bounds a PUT by x-goog-content-length-range', async () => {
  const put = async (body: string) =>
    (await ask('PUT', '/as-google/bounded', { 'x-goog-content-length-range': '1,5' }, body)).status;
  expect([await put('123456'), await put(''), await put('12345')]).toEqual([400, 400, 200]);
});

it('deletes no bucket that holds something', async () => {
  const [full] = await lab.client().createBucket('not-empty');
  await full.file('a').save('x', { resumable: false });
  await expect(full.delete()).rejects.toMatchObject({ code: 409 });
  await full.file('a').delete();
  await full.delete();
  await expect(full.getFiles()).rejects.toMatchObject({ code: 404 });
  expect((await lab.client().getBuckets())[0].map(({ name }) => name)).toEqual(['as-google']);
});

it('says of a missing bucket that it is the bucket', async () => {
  for (const target of [
    '/none-such/a',
    '/storage/v1/b/none-such/o',
    '/storage/v1/b/none-such/o/a',
    '/storage/v1/b/none-such',
  ])
    expect(await (await ask('GET', target)).text()).toContain('The specified bucket does not exist.');
});
