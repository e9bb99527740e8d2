import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { watch } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Bucket, CRC32C } from '@google-cloud/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { killServer, openEmulator, until } from './emulator';

let lab: Awaited<ReturnType<typeof openEmulator>>;
let bucket: Bucket;
beforeAll(async () => {
  lab = await openEmulator();
  [bucket] = await lab.client().createBucket('whole');
}, 120_000);
afterAll(() => lab?.close());

const CONTENT = Buffer.from('a photo');
const md5 = createHash('md5').update(CONTENT).digest('base64');
const crc32c = new CRC32C();
crc32c.update(CONTENT);
const crc = crc32c.toString();
const WRONG_MD5 = createHash('md5').update('another').digest('base64');

const post = async (query: string, headers: Record<string, string>, body: string) => {
  const url = `${lab.endpoint}/upload/storage/v1/b/whole/o?${query}`;
  const answer = await fetch(url, { method: 'POST', headers, body });
  return { status: answer.status, text: await answer.text(), location: answer.headers.get('location') ?? '' };
};
type Sums = { readonly md5Hash?: string; readonly crc32c?: string };
const inHeader = ({ md5Hash, crc32c: sum }: Sums): Record<string, string> => ({
  'x-goog-hash': [...(md5Hash ? [`md5=${md5Hash}`] : []), ...(sum ? [`crc32c=${sum}`] : [])].join(','),
});
const ways: [string, (name: string, sums: Sums) => Promise<{ status: number; text: string }>][] = [
  ['x-goog-hash', (name, sums) => post(`uploadType=media&name=${name}`, inHeader(sums), `${CONTENT}`)],
  [
    'metadata',
    (name, sums) =>
      post(
        'uploadType=multipart',
        { 'content-type': 'multipart/related; boundary=B' },
        `--B\r\n\r\n${JSON.stringify({ name, ...sums })}\r\n--B\r\n\r\n${CONTENT}\r\n--B--`,
      ),
  ],
  [
    'metadata of a resumable upload',
    async (name, sums) => {
      const { location, ...begun } = await post(`uploadType=resumable&name=${name}`, {}, JSON.stringify(sums));
      if (location === '') return begun;
      const answer = await fetch(location, { method: 'PUT', body: CONTENT });
      return { status: answer.status, text: await answer.text() };
    },
  ],
  [
    'x-goog-hash with the end of a resumable upload',
    async (name, sums) => {
      const { location } = await post(`uploadType=resumable&name=${name}`, {}, '');
      const answer = await fetch(location, { method: 'PUT', headers: inHeader(sums), body: CONTENT });
      return { status: answer.status, text: await answer.text() };
    },
  ],
];

describe.each(ways)('a checksum in %s', (way, upload) => {
  const name = encodeURIComponent(`sum ${way}`);

  it.each<[string, Sums]>([
    ['MD5', { md5Hash: WRONG_MD5 }],
    ['CRC32C', { crc32c: 'AAAAAA==' }],
    ['of another length', { md5Hash: 'AAAA' }],
  ])('that is wrong (%s) is refused, and nothing stays', async (_, sums) => {
    expect(await upload(name, sums)).toMatchObject({
      status: 400,
      text: expect.stringMatching(/doesn't match calculated|Invalid MD5 hash/),
    });
    expect((await bucket.file(decodeURIComponent(name)).exists())[0]).toBe(false);
  });

  it('that is right is answered with', async () => {
    const stored = await upload(name, { md5Hash: md5, crc32c: crc });
    expect(JSON.parse(stored.text)).toMatchObject({ md5Hash: md5, crc32c: crc });
  });
});

it('refuses a wrong Content-MD5, and leaves what was there', async () => {
  await bucket.file('kept').save('before', { resumable: false });
  const headers = { 'content-md5': WRONG_MD5 };
  expect((await post('uploadType=media&name=kept', headers, 'x')).status).toBe(400);
  expect((await fetch(`${lab.endpoint}/whole/kept`, { method: 'PUT', headers, body: 'x' })).status).toBe(400);
  expect((await bucket.file('kept').download())[0].toString()).toBe('before');
});

it('gives the checksums of what is copied, joined and changed', async () => {
  await bucket.file('one').save(CONTENT, { resumable: false });
  await bucket.file('one').copy('two');
  await bucket.combine(['one'], 'three');
  await bucket.file('one').setMetadata({ metadata: { a: 'b' } });
  for (const name of ['one', 'two', 'three'])
    expect((await bucket.file(name).getMetadata())[0]).toMatchObject({ md5Hash: md5, crc32c: crc });
  for (const validation of ['md5', 'crc32c'] as const)
    expect((await bucket.file('two').download({ validation } as object))[0]).toEqual(CONTENT);
});

/** Everything that lies in the data folder, but for whole objects, what is known of buckets, and sessions. */
function leftovers(): string[] {
  return ['tmp', 'uploads', 'records', 'objects/.staging']
    .map((folder) => path.join(lab.dataDir, folder))
    .flatMap((folder) => (existsSync(folder) ? readdirSync(folder) : []))
    .filter((file) => !/\.(json|part)$/.test(file))
    .concat(readdirSync(path.join(lab.dataDir, 'objects')).filter((file) => /^\..*\d$/.test(file)));
}

it('leaves nothing of an upload that is cut in the middle', async () => {
  const { hostname, port, host } = new URL(lab.endpoint);
  for (const head of ['content-length: 1000000', 'transfer-encoding: chunked']) {
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST /upload/storage/v1/b/whole/o?uploadType=media&name=cut HTTP/1.1\r\nhost: ${host}\r\n${head}\r\n\r\n`,
    );
    socket.write(head.includes('chunked') ? `ffff\r\n${'x'.repeat(0xffff)}\r\n` : 'x'.repeat(500_000));
    await until('it has begun', () => leftovers().length > 0);
    socket.destroy();
    await until('nothing is left', () => leftovers().length === 0);
  }
  expect((await bucket.file('cut').exists())[0]).toBe(false);
});

/** Resolves when the emulator is about to make the file of an object. */
async function whenStaging(): Promise<void> {
  const signal = AbortSignal.timeout(30_000);
  for await (const { filename } of watch(path.join(lab.dataDir, 'objects'), { signal }))
    if (filename === '.staging') return;
}

it('keeps an object as it was, or has the new one whole, when the emulator is killed in the middle of a write', async () => {
  const sizes = [20_000_000, 21_000_000];
  await bucket.file('killed').save(Buffer.alloc(sizes[0] ?? 0, 'a'), { resumable: false });
  for (let round = 1; round <= 6; round += 1) {
    const url = `${lab.endpoint}/upload/storage/v1/b/whole/o?uploadType=media&name=killed`;
    const asked = whenStaging();
    const answer = fetch(url, { method: 'POST', body: Buffer.alloc(sizes[round % 2] ?? 0, `${round}`) });
    await asked;
    await sleep((round - 1) * 3);
    const [{ status }] = await Promise.all([answer, killServer(lab.emulator)]);
    const [content] = await bucket.file('killed').download();
    const [{ md5Hash, size }] = await bucket.file('killed').getMetadata();
    expect(createHash('md5').update(content).digest('base64')).toBe(md5Hash);
    expect(Number(size)).toBe(content.length);
    if (status === 200) expect(content[0]).toBe(`${round}`.charCodeAt(0));
    expect((await bucket.getFiles())[0].map(({ name }) => name)).toContain('killed');
    expect(leftovers()).toEqual([]);
  }
}, 60_000);

it('removes what a platform left that was killed before an object was whole', async () => {
  const left = path.join(lab.dataDir, 'uploads', `${randomUUID()}.object`);
  for (const file of [left, `${left}.metadata`]) writeFileSync(file, 'half of it');
  await lab.restart();
  expect(leftovers()).toEqual([]);
  expect((await bucket.getFiles())[0].map(({ name }) => name)).toContain('killed');
});

it('removes what fake-gcs-server left in the middle of a write, before it runs again', async () => {
  const object = randomUUID();
  const names = ['..staging.bucketMetadata978187063', '.whole.bucketMetadata12', `.${object}1`, `.${object}.metadata2`];
  const leave = () => {
    for (const name of names) writeFileSync(path.join(lab.dataDir, 'tmp', name), '{"half":');
    for (const name of names.slice(0, 2)) writeFileSync(path.join(lab.dataDir, 'objects', name), '');
    expect(leftovers().length).toBeGreaterThanOrEqual(names.length + 2);
  };
  leave();
  await killServer(lab.emulator);
  expect(leftovers()).toEqual([]);
  leave();
  await lab.restart();
  expect(leftovers()).toEqual([]);
  expect((await lab.client().getBuckets())[0].map(({ name }) => name)).toEqual(['whole']);
  expect((await bucket.getFiles())[0].map(({ name }) => name)).toContain('killed');
});

it('lists and deletes a bucket in which files lie that fake-gcs-server cannot read', async () => {
  const [odd] = await lab.client().createBucket('odd-bucket');
  await odd.file('good').save('x', { resumable: false });
  writeFileSync(path.join(lab.dataDir, 'objects', 'odd-bucket', 'half~'), 'no metadata');
  writeFileSync(path.join(lab.dataDir, 'objects', 'odd-bucket', '.good~123456'), 'left over');
  expect((await odd.getFiles())[0].map(({ name }) => name)).toEqual(['good']);
  expect((await odd.file('half').exists())[0]).toBe(false);
  await expect(odd.delete()).rejects.toMatchObject({ code: 409 });
  await odd.file('half').save('whole now', { resumable: false });
  expect((await odd.getFiles())[0].map(({ name }) => name)).toEqual(['good', 'half']);
  for (const name of ['good', 'half']) await odd.file(name).delete();
  await odd.delete();
  expect((await odd.exists())[0]).toBe(false);
});
