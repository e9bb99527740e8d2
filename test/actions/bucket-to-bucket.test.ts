import { generateKeyPairSync } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../ground/json';
import { deployed } from './deployed';
import { pages, TRUNCATED } from './jpegs';
import { PHOTO, PythonAction } from './python-action';
import { StorageStandIn } from './storage-stand-in';

let v2: PythonAction;
let storage: StorageStandIn;
let defaults: JsonObject;
const privateKey = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
}).privateKey;

/** A new key identity, so that nothing is reused of an earlier connection. */
let keys = 0;
const newKey = () => ({
  type: 'service_account',
  project_id: 'pdfmagic',
  private_key_id: `${keys++}`,
  private_key: privateKey,
  client_email: 'convert@pdfmagic.iam.gserviceaccount.com',
  token_uri: `${storage.url}/token`,
});

beforeAll(async () => {
  [v2, storage] = await Promise.all([PythonAction.start('v2'), StorageStandIn.start()]);
});
afterAll(async () => {
  storage.stop();
  await v2.stop();
});
beforeEach(() => {
  storage.buckets.set('demo-in', new Map()).set('demo-out', new Map());
  storage.put('demo-in', 'photo.jpg', PHOTO);
  storage.failures.length = 0;
  storage.keyIsValid = true;
  defaults = { 'out-bucket': 'demo-out', 'gcs-key': JSON.stringify(newKey()), 'gcs-endpoint': storage.url };
});
afterEach(() => {
  expect(v2.leftovers()).toEqual([]);
  expect(v2.output).not.toContain('PRIVATE KEY');
});

const convert = (parameters: JsonObject) => v2.run(deployed('v2', { ...defaults, ...parameters }));
const convertObject = (name: string) => convert({ bucket: 'demo-in', name });

describe('v2', () => {
  it('puts the PDF into the out bucket and says where', async () => {
    const answer = await convertObject('photo.jpg');
    expect(answer).toEqual({ bucket: 'demo-out', object: 'photo.pdf', size: expect.any(Number) });
    const stored = storage.object('demo-out', 'photo.pdf');
    expect(stored?.contentType).toBe('application/pdf');
    expect(stored?.bytes.length).toBe(answer.size);
    expect(pages(stored?.bytes ?? Buffer.alloc(0)).count).toBe(1);
  });

  it('leaves the same object behind when called again', async () => {
    await convertObject('photo.jpg');
    const first = storage.object('demo-out', 'photo.pdf');
    await convertObject('photo.jpg');
    expect(storage.object('demo-out', 'photo.pdf')).toEqual(first);
    expect(storage.buckets.get('demo-out')?.size).toBe(1);
  });

  it.each([
    ['a b.jpeg', 'a b.pdf'],
    ['a+b & c=d?#.JPG', 'a+b & c=d?#.pdf'],
    ['100%41%2f.jpg', '100%41%2f.pdf'],
    ['"it\'s".jpg', '"it\'s".pdf'],
    ['; touch pwned; $(id) `id` | cat', '; touch pwned; $(id) `id` | cat.pdf'],
    ['-resize', '-resize.pdf'],
    ['-o.jpg', '-o.pdf'],
    ['@photo.jpg', '@photo.pdf'],
    ['a/b//../c.jpg', 'a/b//../c.pdf'],
    ['/etc/passwd', '/etc/passwd.pdf'],
    ['photo.jpg[0]', 'photo.jpg[0].pdf'],
    ['фото 写真 📷.jpg', 'фото 写真 📷.pdf'],
    ['\t\u0001.jpg', '\t\u0001.pdf'],
    [`${'é'.repeat(510)}.jpg`, `${'é'.repeat(510)}.pdf`],
  ])('works on an object named %j', async (name, object) => {
    storage.put('demo-in', name, PHOTO);
    expect(await convertObject(name)).toMatchObject({ object });
    expect([...(storage.buckets.get('demo-out')?.keys() ?? [])]).toEqual([object]);
  });

  it('streams: an object of 40 MB after the end marker is no trouble', async () => {
    storage.put('demo-in', 'large.jpg', Buffer.concat([PHOTO, Buffer.alloc(40_000_000)]));
    expect(await convertObject('large.jpg')).toMatchObject({ object: 'large.pdf' });
  });

  it('repeats what fails for a moment', async () => {
    storage.failures.push(503, 429);
    expect(await convertObject('photo.jpg')).toMatchObject({ object: 'photo.pdf' });
  });

  it('fetches one token for many activations', async () => {
    await convertObject('photo.jpg');
    storage.calls.length = 0;
    await convertObject('photo.jpg');
    expect(storage.calls.filter((call) => call.includes('/token'))).toEqual([]);
  });

  it('takes the key as an object, and in the base64 in which Google hands it out', async () => {
    const key = newKey();
    expect(await convert({ bucket: 'demo-in', name: 'photo.jpg', 'gcs-key': key })).toHaveProperty('object');
    const encoded = Buffer.from(JSON.stringify(key)).toString('base64');
    expect(await convert({ bucket: 'demo-in', name: 'photo.jpg', 'gcs-key': encoded })).toHaveProperty('object');
  });
});

describe('v2 as a web action', () => {
  const form = 'bucket=demo-in&name=photo.jpg';
  it.each([
    ['parameters that OpenWhisk parsed', { bucket: 'demo-in', name: 'photo.jpg' }],
    ['a raw form', { __ow_body: form }],
    ['a raw form with an encoded name', { __ow_body: 'name=ph%6Fto.jpg&bucket=demo-in\n' }],
    ['a raw form as base64', { __ow_body: Buffer.from(form).toString('base64') }],
    ['raw JSON', { __ow_body: '{"bucket": "demo-in", "name": "photo.jpg"}' }],
    ['raw JSON as base64', { __ow_body: Buffer.from('{"bucket":"demo-in","name":"photo.jpg"}').toString('base64') }],
  ])('takes %s', async (_, parameters) => {
    expect(await convert({ __ow_method: 'put', __ow_path: '', __ow_headers: {}, ...parameters })).toEqual({
      statusCode: 200,
      headers: { 'Content-Type': 'application/json' },
      body: { bucket: 'demo-out', object: 'photo.pdf', size: expect.any(Number) },
    });
  });

  it('takes neither key nor out bucket from a body', async () => {
    storage.buckets.set('other', new Map());
    await convert({ __ow_method: 'put', __ow_body: `${form}&out-bucket=other&gcs-endpoint=http://127.0.0.1:1` });
    expect(storage.object('demo-out', 'photo.pdf')).toBeDefined();
    expect(storage.buckets.get('other')?.size).toBe(0);
  });

  const parameters = { bucket: 'demo-in', name: 'photo.jpg' };
  it.each([
    [400, 'missing-parameter', 'no parameters', {}],
    [400, 'missing-parameter', 'a body of something else', { __ow_body: '[1]' }],
    [400, 'missing-parameter', 'deeply nested JSON', { __ow_body: '['.repeat(100_000) }],
    [400, 'bad-parameter', 'a number', { ...parameters, name: 7 }],
    [400, 'bad-parameter', 'no name of a bucket', { ...parameters, bucket: '../demo-out' }],
    [400, 'bad-parameter', 'an IP address', { ...parameters, bucket: '127.0.0.1' }],
    [400, 'bad-parameter', 'a line break in the name', { ...parameters, name: 'a\nb.jpg' }],
    [400, 'bad-parameter', 'half a surrogate pair', { ...parameters, name: '\ud800.jpg' }],
    [400, 'bad-parameter', 'too long a name', { ...parameters, name: 'x'.repeat(1025) }],
    [400, 'bad-parameter', 'a name too long with .pdf', { ...parameters, name: 'x'.repeat(1022) }],
    [404, 'no-such-object', 'a missing object', { ...parameters, name: 'nope.jpg' }],
    [404, 'no-such-bucket', 'a missing bucket', { ...parameters, bucket: 'nope' }],
    [502, 'bad-key', 'no key', { ...parameters, 'gcs-key': '' }],
    [502, 'bad-key', 'a key that is no key', { ...parameters, 'gcs-key': '{"type":"service_account"}' }],
    [502, 'storage-failed', 'no out bucket', { ...parameters, 'out-bucket': 'nope' }],
    [502, 'storage-failed', 'storage that nobody serves', { ...parameters, 'gcs-endpoint': 'http://127.0.0.1:1' }],
  ])('answers %i %s to %s', async (statusCode, code, _, given) => {
    const response = await convert({ __ow_method: 'put', ...given });
    expect(response).toMatchObject({ statusCode, body: { code, error: expect.any(String) } });
    expect(JSON.stringify(response)).not.toContain('PRIVATE KEY');
  });

  it.each([
    [403, 502, 'no-permission'],
    [401, 502, 'bad-key'],
    [400, 502, 'storage-failed'],
  ])('answers a %i of the storage with %i %s', async (given, statusCode, code) => {
    storage.failures.push(...new Array(20).fill(given));
    expect(await convert({ __ow_method: 'put', ...parameters })).toMatchObject({ statusCode, body: { code } });
  });

  it('answers 502 bad-key when Google no longer takes the key', async () => {
    storage.keyIsValid = false;
    const response = await convert({ __ow_method: 'put', ...parameters });
    expect(response).toMatchObject({ statusCode: 502, body: { code: 'bad-key' } });
  });

  it.each([
    ['a truncated JPEG', TRUNCATED, 'truncated-jpeg'],
    ['an empty object', Buffer.alloc(0), 'not-a-jpeg'],
    ['a text', Buffer.from('hello'), 'not-a-jpeg'],
  ])('answers 422 to %s and writes nothing', async (_, bytes, code) => {
    storage.put('demo-in', 'photo.jpg', bytes);
    expect(await convert({ __ow_method: 'put', ...parameters })).toMatchObject({ statusCode: 422, body: { code } });
    expect(storage.buckets.get('demo-out')?.size).toBe(0);
  });

  it('answers 413 to an object larger than the action can hold', async () => {
    storage.put('demo-in', 'photo.jpg', Buffer.concat([PHOTO, Buffer.alloc(130 * 1024 * 1024)]));
    const response = await convert({ __ow_method: 'put', ...parameters });
    expect(response).toMatchObject({ statusCode: 413, body: { code: 'too-large' } });
  });
});
