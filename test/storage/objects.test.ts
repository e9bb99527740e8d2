import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Bucket } from '@google-cloud/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmulator } from './emulator';

const NAMES = [
  'plain.jpg',
  'with space.jpg',
  `quote'"s.jpg`,
  'ünï-日本-🙂.jpg',
  '/leading.jpg',
  'leading.jpg',
  '//two',
  '-dash.jpg',
  '--',
  'a',
  'a/b',
  'a/b/c.jpg',
  'a~',
  'a~/b',
  'x//y',
  'dots/../up',
  '../../escape',
  'trailing/',
  '%2F',
  'a%2Fb',
  'semi;colon&amp?q#h',
  'a+b',
  'back\\slash',
  'tab\t',
  '$(id) *?',
  'x.metadata',
  'q/acl',
  'q/compose',
  'Case',
  'case',
  'n'.repeat(219),
  'n'.repeat(1024),
];

describe('the storage emulator, by the official client', () => {
  let lab: Awaited<ReturnType<typeof openEmulator>>;
  let bucket: Bucket;

  beforeAll(async () => {
    lab = await openEmulator();
    [bucket] = await lab.client().createBucket('objects');
  }, 120_000);
  afterAll(() => lab?.close());

  it.each(NAMES)('keeps %j, uploaded at once or in pieces', async (name) => {
    for (const resumable of [false, true]) {
      const content = Buffer.from(`${resumable} ${name}`);
      await bucket.file(name).save(content, { resumable });
      const [metadata] = await bucket.file(name).getMetadata();
      expect(metadata).toMatchObject({
        name,
        bucket: 'objects',
        size: String(content.length),
      });
      expect((await bucket.file(name).download())[0]).toEqual(content);
    }
  });

  it('lists exactly the names that were given', async () => {
    const [files] = await bucket.getFiles();
    const byBytes = [...NAMES].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(files.map((file) => file.name)).toEqual(byBytes);
    for (const file of files) expect((await file.download())[0].toString()).toBe(`true ${file.name}`);
  });

  it('lists by prefix and by folder', async () => {
    const names = async (prefix: string) => (await bucket.getFiles({ prefix }))[0].map((file) => file.name);
    expect(await names('/')).toEqual(['//two', '/leading.jpg']);
    expect(await names('a~')).toEqual(['a~', 'a~/b']);
    const [files, , answer] = await bucket.getFiles({ delimiter: '/', prefix: 'a', autoPaginate: false });
    expect(files.map((file) => file.name)).toEqual(['a', 'a%2Fb', 'a+b', 'a~']);
    expect(answer).toMatchObject({ prefixes: ['a/', 'a~/'] });
  });

  it('gives links that work', async () => {
    const [{ mediaLink, selfLink }] = await bucket.file('/leading.jpg').getMetadata();
    expect(await (await fetch(mediaLink ?? '')).text()).toBe('true /leading.jpg');
    expect(await (await fetch(selfLink ?? '')).json()).toMatchObject({ name: '/leading.jpg' });
    expect(await (await fetch(`${lab.endpoint}/objects/with%20space.jpg`)).text()).toBe('true with space.jpg');
  });

  it('copies, combines and describes under any name', async () => {
    await bucket.file('a/b').copy(bucket.file('copy//of'));
    await bucket.combine(['a/b', '/leading.jpg'], 'both/..');
    expect((await bucket.file('copy//of').download())[0].toString()).toBe('true a/b');
    expect((await bucket.file('both/..').download())[0].toString()).toBe('true a/btrue /leading.jpg');
    await bucket.file('/leading.jpg').setMetadata({ metadata: { by: 'a student' } });
    expect((await bucket.file('/leading.jpg').getMetadata())[0].metadata).toEqual({ by: 'a student' });
    await bucket.file('copy//of').delete();
    expect((await bucket.file('copy//of').exists())[0]).toBe(false);
    expect((await bucket.file('both/..').exists())[0]).toBe(true);
  });

  it('gives what has metadata that no header could hold', async () => {
    const file = bucket.file('esc\u001bape');
    await file.save('x', {
      resumable: false,
      metadata: { metadata: { 'source-name': 'esc\u001bape', other: 'plain' } },
    });
    expect((await file.download())[0].toString()).toBe('x');
    expect((await file.getMetadata())[0].metadata).toEqual({ 'source-name': 'esc\u001bape', other: 'plain' });
    await file.delete();
  });

  it('streams what is large, and gives parts of it', async () => {
    const content = Buffer.from(Array.from({ length: 9_000_001 }, (_, i) => i % 251));
    await bucket.file('large').save(content, { resumable: true, chunkSize: 1024 * 1024 });
    expect((await bucket.file('large').download())[0].equals(content)).toBe(true);
    expect((await bucket.file('large').download({ start: 5, end: 9 }))[0]).toEqual(content.subarray(5, 10));
  });

  it('minds preconditions', async () => {
    const again = bucket.file('plain.jpg').save('x', { resumable: false, preconditionOpts: { ifGenerationMatch: 0 } });
    await expect(again).rejects.toMatchObject({ code: 412 });
  });

  it('refuses names that Cloud Storage does not allow, and says why', async () => {
    await expect(bucket.file('..').save('x', { resumable: false })).rejects.toThrow('cannot be named ".."');
    await expect(bucket.file('a\nb').save('x', { resumable: false })).rejects.toThrow('line break');
    await expect(bucket.file('y'.repeat(1025)).save('x', { resumable: false })).rejects.toThrow('1024 bytes');
    await expect(lab.client().createBucket('..')).rejects.toThrow('Invalid bucket name');
  });

  it('writes nowhere but under its own names in its data folder', () => {
    expect(readdirSync(path.join(lab.dataDir, 'objects')).filter((entry) => !entry.startsWith('objects'))).toEqual([]);
    expect(existsSync(path.join(lab.dataDir, '..', 'escape~'))).toBe(false);
    expect(readdirSync(path.join(lab.dataDir, 'tmp'))).toEqual([]);
  });

  it('says 404 for what is not there', async () => {
    await expect(bucket.file('none').download()).rejects.toMatchObject({ code: 404 });
    await expect(lab.client().bucket('no-such-bucket').file('a').save('x', { resumable: false })).rejects.toMatchObject(
      { code: 404 },
    );
  });

  it('keeps objects over a restart', async () => {
    await lab.restart();
    const [files] = await lab.client().bucket('objects').getFiles();
    expect(files.map((file) => file.name)).toEqual(expect.arrayContaining(NAMES));
    expect((await lab.client().bucket('objects').file('/leading.jpg').download())[0].toString()).toBe(
      'true /leading.jpg',
    );
  });
});
