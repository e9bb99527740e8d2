import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Bucket } from '@google-cloud/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmulator, rawRequest } from './emulator';

let lab: Awaited<ReturnType<typeof openEmulator>>;
let bucket: Bucket;
beforeAll(async () => {
  lab = await openEmulator();
  [bucket] = await lab.client().createBucket('limits');
}, 120_000);
afterAll(() => lab?.close());

const list = async () => (await bucket.getFiles())[0].map(({ name }) => name);

const LONG = [
  ['1,024 bytes', 'x'.repeat(1024)],
  ['1,024 bytes in characters of two', 'ä'.repeat(512)],
  ['emoji', '🙂'.repeat(256)],
  ['600 times <', '<'.repeat(600)],
  ['1,024 times &', '&'.repeat(1024)],
  ['slashes alone', '/'.repeat(1024)],
  [
    'control characters',
    Array.from({ length: 31 }, (_, at) => String.fromCharCode(at + 1))
      .join('')
      .replace(/[\r\n]/g, ''),
  ],
  ['a thousand control characters', '\u0001'.repeat(1000)],
  ['C1 control characters', '\u0080\u0085\u009f\u2028\ufeff\uffff'],
  ['a long part that ends as a marker', `${'x'.repeat(198)}^+/a`],
  ['quotes and backslashes', '"\\'.repeat(512)],
] as const;

describe.each(LONG)('a name of %s', (_, name) => {
  it('is kept, listed, marked with itself, and deleted', async () => {
    await bucket.file(name).save('content', { resumable: false, metadata: { metadata: { 'source-name': name } } });
    expect(await list()).toEqual([name]);
    expect((await bucket.file(name).getMetadata())[0].metadata).toEqual({ 'source-name': name });
    expect((await bucket.file(name).download())[0].toString()).toBe('content');
    await bucket.file(name).delete();
    expect(await list()).toEqual([]);
  });
});

/** Metadata whose names and values have that many bytes in all. */
const metadataOf = (bytes: number, character = 'v') => ({ k: character.repeat(bytes - 1) });

describe('custom metadata', () => {
  it.each([
    ['5 KB', metadataOf(5 * 1024)],
    ['8 KiB', metadataOf(8 * 1024)],
    ['8 KiB of <', metadataOf(8 * 1024, '<')],
    ['8 KiB of control characters', metadataOf(8 * 1024, '\u0001')],
    ['a thousand keys', Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`k${at}`, 'v']))],
    ['a key of its own', { pdfmagic: '@x', __proto: 'y', ünï: 'ä' }],
  ])('is kept whole, through changes, copies and restarts: %s', async (_, metadata) => {
    for (const resumable of [false, true]) {
      await bucket.file('meta').save('x', { resumable, metadata: { metadata } });
      expect((await bucket.file('meta').getMetadata())[0].metadata).toEqual(metadata);
    }
    await bucket.file('meta').copy(bucket.file('copied'));
    await bucket.file('meta').setMetadata({ cacheControl: 'no-store' });
    await lab.restart();
    for (const { metadata: listed } of (await bucket.getFiles())[0]) expect(listed.metadata).toEqual(metadata);
    expect((await bucket.file('copied').download())[0].toString()).toBe('x');
    for (const name of ['meta', 'copied']) await bucket.file(name).delete();
    const records = path.join(lab.dataDir, 'records');
    expect(existsSync(records) ? readdirSync(records) : []).toEqual([]);
  });

  it.each([
    ['more than 8 KiB', metadataOf(8 * 1024 + 1)],
    ['what is no text', { a: { b: 'c' } }],
  ])('is refused whole and at once: %s', async (_, metadata) => {
    await bucket.file('there').save('x', { resumable: false, metadata: { metadata: { a: 'b' } } });
    for (const resumable of [false, true]) {
      const save = bucket.file('refused').save('x', { resumable, metadata: { metadata: metadata as never } });
      await expect(save).rejects.toThrow(/custom metadata has 8193 bytes|Invalid value for metadata|status code 400/);
    }
    await expect(bucket.file('there').setMetadata({ metadata: metadata as never })).rejects.toMatchObject({
      code: 400,
    });
    expect((await bucket.file('there').getMetadata())[0].metadata).toEqual({ a: 'b' });
    expect(await list()).toEqual(['there']);
    await bucket.file('there').delete();
    await bucket.file('there').save('y', { resumable: false });
    await bucket.file('there').delete();
  });
});

describe('a name that would leave its folder', () => {
  const outside = (dataDir: string) =>
    readdirSync(path.dirname(dataDir)).filter((entry) => entry.startsWith('escaped'));

  it.each([
    '../escaped',
    '../../escaped',
    '..%2f..%2fescaped',
    '%2e%2e/%2e%2e/escaped',
    '/../../escaped',
    '....//escaped',
  ])('is only a name: %s', async (name) => {
    const targets = [
      `/upload/storage/v1/b/limits/o?uploadType=media&name=${encodeURIComponent(decodeURIComponent(name))}`,
      `/limits/${name}`,
    ];
    for (const [at, target] of targets.entries()) {
      const method = at === 0 ? 'POST' : 'PUT';
      expect(await rawRequest(lab.endpoint, method, target, { 'content-length': '1' }, 'x')).toContain(' 200 ');
    }
    expect(await list()).toEqual([decodeURIComponent(name)]);
    await bucket.file(decodeURIComponent(name)).delete();
    expect(outside(lab.dataDir)).toEqual([]);
    expect(readdirSync(lab.dataDir).filter((entry) => entry.includes('escaped'))).toEqual([]);
  });

  it.each(['a%00b', '%00', '..', '.', '%2e%2e', 'a%0ab', 'a%0db', '.well-known/acme-challenge/x'])(
    'is refused where it is none: %s',
    async (name) => {
      const query = `/upload/storage/v1/b/limits/o?uploadType=media&name=${name}`;
      expect(await rawRequest(lab.endpoint, 'POST', query, { 'content-length': '1' }, 'x')).toContain(' 400 ');
      expect(await rawRequest(lab.endpoint, 'PUT', `/limits/${name}`, { 'content-length': '1' }, 'x')).toContain(
        ' 400 ',
      );
      expect(await list()).toEqual([]);
    },
  );

  it.each(['.staging', '..', '%2e%2e', 'limits%2f..', '.staging%2f..', '%00', 'limits.bucketMetadata'])(
    'is refused as a bucket: %s',
    async (name) => {
      for (const target of [
        `/${name}/x`,
        `/storage/v1/b/${name}/o`,
        `/upload/storage/v1/b/${name}/o?uploadType=media&name=x`,
      ]) {
        const method = target.startsWith('/upload') ? 'POST' : 'GET';
        expect(await rawRequest(lab.endpoint, method, target, { 'content-length': '0' })).toMatch(/ 40[04] /);
      }
    },
  );
});
