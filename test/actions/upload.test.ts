import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../ground/json';
import { deployed } from './deployed';
import { newServiceAccount } from './keys';
import { PythonAction } from './python-action';
import { isSignedFor } from './signed-url';

let upload: PythonAction;
const { key, publicKey } = newServiceAccount();

beforeAll(async () => {
  upload = await PythonAction.start('upload');
});
afterAll(() => upload.stop());

const file = { name: 'photo.jpg', contentType: 'image/jpeg', size: 5_000_000 };
const ask = (given: JsonObject, defaults: JsonObject = {}) =>
  upload.run(
    deployed('upload', { 'in-bucket': 'demo-in', 'upload-key': key, __ow_method: 'post', ...defaults, ...given }),
  );
interface Grant {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly name: string;
  readonly expires: string;
}
const grant = async (given: JsonObject, defaults: JsonObject = {}) =>
  (await ask(given, defaults)).body as unknown as Grant;

describe('upload', () => {
  it('gives a signed URL for a fresh name, with the file of the visitor at its end', async () => {
    const response = await ask(file);
    expect(response).toMatchObject({ statusCode: 200, headers: { 'Cache-Control': 'no-store' } });
    expect(response.body).toEqual({
      url: expect.stringMatching(/^https:\/\/storage\.googleapis\.com\/demo-in\/page\//),
      method: 'PUT',
      headers: { 'Content-Type': 'image/jpeg', 'x-goog-content-length-range': '1,5000000' },
      bucket: 'demo-in',
      name: expect.stringMatching(/^page\/[0-9a-f-]{36}\/photo\.jpg$/),
      expires: expect.any(String),
      via: 'v2',
    });
    expect((await grant(file)).name).not.toBe((await grant(file)).name);
    expect(upload.output).not.toContain('PRIVATE KEY');
  });

  it('signs method, name, type and size: another request has no use of it', async () => {
    const { url, headers } = await grant({ ...file, name: 'ä b+c?#%.jpg' });
    expect(isSignedFor(url, publicKey, 'PUT', headers)).toBe(true);
    expect(isSignedFor(url, publicKey, 'GET', headers)).toBe(false);
    expect(isSignedFor(url, publicKey, 'PUT', { ...headers, 'Content-Type': 'text/html' })).toBe(false);
    const range = { 'x-goog-content-length-range': '1,999999999' };
    expect(isSignedFor(url, publicKey, 'PUT', { ...headers, ...range })).toBe(false);
    expect(isSignedFor(url.replace('demo-in', 'other'), publicKey, 'PUT', headers)).toBe(false);
  });

  it('is valid for ten minutes', async () => {
    const { url, expires } = await grant(file);
    expect(new URL(url).searchParams.get('X-Goog-Expires')).toBe('600');
    const seconds = (Date.parse(expires) - Date.now()) / 1000;
    expect(seconds).toBeGreaterThan(500);
    expect(seconds).toBeLessThanOrEqual(600);
  });

  it('says which way the conversion is started: by the arrival of the file where there are events', async () => {
    expect(await grant(file, { events: true })).toMatchObject({ via: 'v3' });
    expect(await grant(file, { events: false })).toMatchObject({ via: 'v2' });
  });

  it('signs what the file is to be converted to, as metadata; a wrong wish is refused', async () => {
    const wish = { quality: 'original', page: 'a4', margin: 5, part: true };
    const { url, headers } = await grant({ ...file, ...wish });
    expect(headers).toMatchObject({
      'x-goog-meta-quality': 'original',
      'x-goog-meta-page': 'a4',
      'x-goog-meta-margin': '5',
      'x-goog-meta-part': 'true',
    });
    expect(isSignedFor(url, publicKey, 'PUT', headers)).toBe(true);
    expect(isSignedFor(url, publicKey, 'PUT', { ...headers, 'x-goog-meta-page': 'letter' })).toBe(false);
    for (const wrong of [{ quality: 'best' }, { page: 'a5' }, { part: 'yes' }])
      expect(await ask({ ...file, ...wrong })).toMatchObject({ statusCode: 400, body: { code: 'bad-parameter' } });
  });

  it('leads to an emulator where the deployment names one', async () => {
    const { url } = await grant(file, { 'gcs-endpoint': 'http://127.0.0.1:4443/' });
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:4443\/demo-in\/page\//);
  });

  it.each([
    ['folder/photo.jpg', 'photo.jpg'],
    ['C:\\Users\\ada\\photo.jpg', 'photo.jpg'],
    ['../../etc/passwd', 'passwd'],
    [`${'é'.repeat(200)}.jpg`, `${'é'.repeat(73)}.jpg`],
  ])('keeps of the name %j no more than %j', async (name, kept) => {
    expect((await grant({ ...file, name })).name.split('/').slice(2).join('/')).toBe(kept);
  });

  it.each([
    [400, 'missing-parameter', 'nothing', {}],
    [400, 'missing-parameter', 'no size', { name: 'a.jpg', contentType: 'image/jpeg' }],
    [400, 'bad-parameter', 'a name that is no text', { ...file, name: 7 }],
    [400, 'bad-parameter', 'a name of dots', { ...file, name: 'x/...' }],
    [400, 'bad-parameter', 'a line break', { ...file, name: 'a\nb.jpg' }],
    [400, 'bad-parameter', 'half a surrogate pair', { ...file, name: '\ud800.jpg' }],
    [400, 'bad-parameter', 'a size in words', { ...file, size: 'large' }],
    [400, 'bad-parameter', 'a size below nothing', { ...file, size: -1 }],
    [400, 'bad-parameter', 'a size that is none', { ...file, size: true }],
    [422, 'not-a-jpeg', 'another type', { ...file, contentType: 'image/png' }],
    [422, 'not-a-jpeg', 'an empty file', { ...file, size: 0 }],
    [413, 'too-large', 'more than 128 MiB', { ...file, size: 128 * 2 ** 20 + 1 }],
    [502, 'bad-key', 'no key', { ...file, 'upload-key': '' }],
    [502, 'bad-key', 'a key that is none', { ...file, 'upload-key': '{"type":"service_account"}' }],
    [502, 'bad-key', 'the identity of a machine', { ...file, 'upload-key': 'application-default' }],
    [502, 'storage-failed', 'no bucket', { ...file, 'in-bucket': '' }],
  ])('answers %i %s to %s', async (statusCode, code, _, given) => {
    const response = await ask(given);
    expect(response).toMatchObject({ statusCode, body: { code, error: expect.any(String) } });
    expect(JSON.stringify(response)).not.toContain('PRIVATE KEY');
  });
});
