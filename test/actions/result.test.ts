import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../ground/json';
import { openEmulator } from '../storage/emulator';
import { deployed } from './deployed';
import { pages, TRUNCATED } from './jpegs';
import { newServiceAccount } from './keys';
import { PHOTO, PythonAction } from './python-action';
import { isSignedFor } from './signed-url';

/** All of it on the storage emulator: what the page does, without the page. */
let emulator: Awaited<ReturnType<typeof openEmulator>>;
let actions: Record<'upload' | 'v2' | 'result', PythonAction>;
const { key, publicKey } = newServiceAccount();
const defaults = () => ({
  'in-bucket': 'demo-in',
  'out-bucket': 'demo-out',
  'upload-key': key,
  'gcs-key': key,
  'gcs-endpoint': emulator.endpoint,
});

beforeAll(async () => {
  const start = (name: 'upload' | 'v2' | 'result') => PythonAction.start(name, { __OW_ACTIVATION_ID: `id-of-${name}` });
  const [upload, v2, result] = await Promise.all([start('upload'), start('v2'), start('result')]);
  actions = { upload, v2, result };
  emulator = await openEmulator();
  for (const name of ['demo-in', 'demo-out']) await emulator.client().createBucket(name);
});
afterAll(async () => {
  await Promise.all(Object.values(actions).map((action) => action.stop()));
  await emulator.close();
});

interface Uploaded {
  readonly bucket: string;
  readonly name: string;
  readonly generation: string;
}

/** Uploads a file by the URL that `upload` signs. */
async function send(bytes: Buffer, name = 'my photo.jpg', wish: JsonObject = {}): Promise<Uploaded> {
  const file = { name, contentType: 'image/jpeg', size: bytes.length, ...wish };
  const { body } = await actions.upload.run(deployed('upload', { ...defaults(), __ow_method: 'post', ...file }));
  const grant = body as unknown as { url: string; method: string; headers: Record<string, string> } & Uploaded;
  const response = await fetch(grant.url, {
    method: grant.method,
    headers: grant.headers,
    body: new Uint8Array(bytes),
  });
  expect(response.status, await response.text()).toBe(200);
  const [metadata] = await emulator.client().bucket(grant.bucket).file(grant.name).getMetadata();
  expect(metadata).toMatchObject({ contentType: 'image/jpeg', size: `${bytes.length}` });
  return { bucket: grant.bucket, name: grant.name, generation: `${metadata.generation}` };
}
const convert = (object: Uploaded) => actions.v2.run(deployed('v2', { ...defaults(), ...object }));
const ask = (given: JsonObject) =>
  actions.result.run(deployed('result', { ...defaults(), __ow_method: 'get', ...given }));

describe('result', () => {
  let object: Uploaded;
  beforeEach(async () => {
    object = await send(PHOTO);
  });

  it('is pending until something is decided', async () => {
    expect(await ask({ ...object })).toMatchObject({ statusCode: 202, body: { pending: true } });
  });

  it('of an album is asked for by the name that v2 was given', async () => {
    const parts = [await send(PHOTO, 'a.jpg', { part: true }), await send(PHOTO, 'b.jpg', { part: true })];
    for (const part of parts) expect(await convert(part)).toEqual({ skipped: true });
    const into = `page/${randomUUID()}/album.pdf`;
    const album = { bucket: 'demo-in', names: parts.map(({ name }) => name), into };
    expect(await ask({ bucket: 'demo-in', name: into })).toMatchObject({ statusCode: 404 });
    await actions.v2.run(deployed('v2', { ...defaults(), ...album, quality: 'original' }));
    const { statusCode, body } = await ask({ bucket: 'demo-in', name: into });
    expect([statusCode, body]).toEqual([200, expect.objectContaining({ object: into, activation: 'id-of-v2' })]);
    const pdf = Buffer.from(await (await fetch((body as unknown as { url: string }).url)).arrayBuffer());
    expect(pages(pdf).count).toBe(2);
  });

  it('is a signed URL of the PDF, and the activation that made it', async () => {
    await convert(object);
    const { statusCode, body } = await ask({ ...object });
    const target = object.name.replace('.jpg', '.pdf');
    expect({ statusCode, body }).toEqual({
      statusCode: 200,
      body: { url: expect.any(String), object: target, size: expect.any(Number), activation: 'id-of-v2' },
    });
    const { url, size } = body as unknown as { url: string; size: number };
    expect(isSignedFor(url, publicKey, 'GET', {})).toBe(true);
    const pdf = Buffer.from(await (await fetch(url)).arrayBuffer());
    expect(pdf.length).toBe(size);
    expect(pages(pdf).count).toBe(1);
  });

  it('says why a photograph was encoded again although the original was asked for', async () => {
    const open = await send(PHOTO.subarray(0, -2), 'open.jpg', { quality: 'original' });
    await convert(open);
    expect(await ask({ ...open })).toMatchObject({ statusCode: 200, body: { reencoded: 'no end marker' } });
  });

  it('is the recorded refusal with its status', async () => {
    const broken = await send(TRUNCATED, 'broken.jpg');
    await convert(broken);
    expect(await ask({ ...broken })).toMatchObject({
      statusCode: 422,
      body: { code: 'truncated-jpeg', error: expect.stringContaining('truncated'), activation: 'id-of-v2' },
    });
  });

  it('needs no generation, and is that of no older one', async () => {
    await convert(object);
    expect(await ask({ bucket: object.bucket, name: object.name })).toMatchObject({ statusCode: 200 });
    const newer = `${BigInt(object.generation) + 1n}`;
    expect(await ask({ ...object, generation: newer })).toMatchObject({ statusCode: 202 });
  });

  it('says so when the file has never arrived', async () => {
    const name = `page/${randomUUID()}/photo.jpg`;
    expect(await ask({ bucket: object.bucket, name })).toMatchObject({
      statusCode: 404,
      body: { code: 'no-such-object' },
    });
  });

  it.each([
    ['missing-parameter', 'nothing', {}],
    ['missing-parameter', 'no name', { bucket: 'demo-in' }],
    ['bad-parameter', 'a photo that the page has not uploaded', { bucket: 'demo-in', name: 'photo.jpg' }],
    ['bad-parameter', 'a name that could be guessed', { bucket: 'demo-in', name: 'page/1/photo.jpg' }],
    ['bad-parameter', 'another bucket', { bucket: 'demo-out' }],
    ['bad-parameter', 'no generation', { generation: 'newest' }],
  ])('answers 400 %s to %s', async (code, what, given) => {
    const base = what === 'nothing' || what === 'no name' ? {} : { ...object };
    expect(await ask({ ...base, ...given })).toMatchObject({ statusCode: 400, body: { code } });
  });

  it('tells the deployer of a missing key', async () => {
    expect(await ask({ ...object, 'gcs-key': '' })).toMatchObject({ statusCode: 502, body: { code: 'bad-key' } });
  });
});
