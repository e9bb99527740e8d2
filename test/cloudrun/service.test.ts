import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CLOUDRUN_IMAGE } from '../../infra/image/recipe';
import { BUILD_DIR, ensureVirtualenv, PROJECT_ROOT } from '../../infra/packaging';
import { PHOTO } from '../actions/python-action';
import { StorageStandIn } from '../actions/storage-stand-in';
import { EVENT, startService, type TestService } from './service';

const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-cloudrun-'));
let storage: StorageStandIn;
let service: TestService;

/** With a key; the stand-in takes no other. Without one: `identity.test.ts`. */
const settings = () => ({
  OUT_BUCKET: 'demo-out',
  GCS_ENDPOINT: storage.url,
  GCS_KEY: JSON.stringify({
    type: 'service_account',
    project_id: 'pdfmagic',
    private_key_id: '1',
    private_key: privateKey,
    client_email: 'convert@pdfmagic.iam.gserviceaccount.com',
    token_uri: `${storage.url}/token`,
  }),
});
const privateKey = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
}).privateKey;

beforeAll(async () => {
  storage = await StorageStandIn.start();
  service = await startService(folder, settings());
});
afterAll(async () => {
  await service?.stop();
  storage?.stop();
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  storage.buckets.set('demo-in', new Map()).set('demo-out', new Map());
  storage.put('demo-in', 'photo.jpg', PHOTO);
  storage.failures.length = 0;
});

const DATA = JSON.stringify({ bucket: 'demo-in', name: 'photo.jpg', generation: '1' });

/** StorageObjectData of an object as it is now. */
function data(name: string): string {
  const generation = storage.object('demo-in', name)?.generation ?? 1;
  return JSON.stringify({ bucket: 'demo-in', name, generation: `${generation}`, size: '70000' });
}

async function deliver(body: string, headers: Record<string, string> = EVENT) {
  const answer = await fetch(`${service.url}/events`, { method: 'POST', headers, body });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

test('a browser that opens the service or its API is told what it is for; clients get what they got', async () => {
  const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
  for (const place of ['/', '/convert/pdf']) {
    const page = await fetch(`${service.url}${place}`, { headers: browser });
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=UTF-8');
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
    expect(await page.text()).toContain('It answers POST and PUT');
    for (const accept of ['*/*', 'application/json', 'application/json, text/html;q=0.5']) {
      const answer = await fetch(`${service.url}${place}`, { headers: { accept } });
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ code: 'no-such-path' });
    }
  }
  expect((await fetch(`${service.url}/nowhere`, { headers: browser })).status).toBe(404);
});

describe('an event of a new file', () => {
  test('has it converted, and is done', async () => {
    expect(await deliver(data('photo.jpg'))).toMatchObject({
      status: 200,
      body: { outcome: 'converted', bucket: 'demo-out', object: 'photo.pdf' },
    });
    expect(storage.object('demo-out', 'photo.pdf')?.contentType).toBe('application/pdf');
  });

  test('that comes twice has nothing done twice', async () => {
    await deliver(data('photo.jpg'));
    const first = storage.object('demo-out', 'photo.pdf');
    expect(await deliver(data('photo.jpg'))).toMatchObject({ status: 200, body: { outcome: 'unchanged' } });
    expect(storage.object('demo-out', 'photo.pdf')).toEqual(first);
  });

  test('may come in structured mode, too', async () => {
    const attributes = Object.entries(EVENT).filter(([name]) => name.startsWith('ce-'));
    const event = Object.fromEntries(attributes.map(([name, value]) => [name.slice('ce-'.length), value]));
    const body = JSON.stringify({ ...event, datacontenttype: 'application/json', data: JSON.parse(data('photo.jpg')) });
    const answer = await deliver(body, { 'content-type': 'application/cloudevents+json' });
    expect(answer).toMatchObject({ status: 200, body: { outcome: 'converted', object: 'photo.pdf' } });
  });

  test('is done, too, when its file will never be a PDF: it is not delivered for ever', async () => {
    storage.put('demo-in', 'text.jpg', Buffer.from('no picture'));
    expect(await deliver(data('text.jpg'))).toMatchObject({
      status: 200,
      body: { outcome: 'refused', code: 'not-a-jpeg' },
    });
    const record = JSON.parse(storage.object('demo-out', 'text.jpg.error.json')?.bytes.toString() ?? '{}');
    expect(record).toMatchObject({ bucket: 'demo-in', name: 'text.jpg', code: 'not-a-jpeg' });
    expect(await deliver(data('gone.jpg'))).toMatchObject({ status: 200, body: { outcome: 'skipped' } });
  });

  test('is to be delivered again when the storage refuses the service, which somebody can mend', async () => {
    storage.failures.push(403, 403, 403, 403);
    expect(await deliver(data('photo.jpg'))).toMatchObject({
      status: 503,
      body: { outcome: 'failed', code: 'no-permission' },
    });
    storage.failures.length = 0;
    expect(await deliver(data('photo.jpg'))).toMatchObject({ status: 200, body: { outcome: 'converted' } });
  });

  test('leaves a line of JSON in the log', async () => {
    await deliver(data('photo.jpg'), { ...EVENT, 'ce-id': 'for-the-log' });
    await expect.poll(() => service.lines.join('\n'), { timeout: 30_000 }).toContain('"event": "for-the-log"');
  });
});

describe('what is no event of a new file', () => {
  test('is passed over when it is of another type', async () => {
    const deleted = { ...EVENT, 'ce-type': 'google.cloud.storage.object.v1.deleted' };
    expect(await deliver(data('photo.jpg'), deleted)).toMatchObject({ status: 200, body: { outcome: 'ignored' } });
    expect(storage.buckets.get('demo-out')?.size).toBe(0);
  });

  const { 'ce-type': _, ...withoutType } = EVENT;
  test.each([
    ['no headers of CloudEvents', DATA, { 'content-type': 'application/json' }],
    ['no type', DATA, withoutType],
    ['a time that is none', DATA, { ...EVENT, 'ce-time': 'yesterday' }],
    ['half of a JSON', '{"bucket":', EVENT],
    ['a list in place of an object', '[]', EVENT],
    ['nothing as data', '', EVENT],
    ['structured mode without an object', '"x"', { 'content-type': 'application/cloudevents+json' }],
    ['structured mode without JSON', 'x', { 'content-type': 'application/cloudevents+json' }],
    ['more than an event ever has', 'x'.repeat(2_000_000), EVENT],
  ])('is refused with words: %s', async (_, body, headers) => {
    const answer = await deliver(body, headers);
    expect(answer).toEqual({
      status: 400,
      body: { error: expect.stringMatching(/^(This is not a CloudEvent|The event has)/) },
    });
  });

  test('is refused without a POST', async () => {
    expect((await fetch(`${service.url}/events`)).status).toBe(405);
  });
});

describe('the service', () => {
  test('is alive and ready', async () => {
    for (const path of ['/live', '/ready']) expect((await fetch(`${service.url}${path}`)).status).toBe(200);
  });

  test('is alive, but not ready, where there is no ImageMagick', async () => {
    const requirements = path.join(PROJECT_ROOT, 'actions/requirements/cloudrun.txt');
    const { python } = await ensureVirtualenv({
      dir: path.join(BUILD_DIR, 'tools', 'cloudrun'),
      title: 'the service',
      requirements,
    });
    const program =
      'from werkzeug.test import Client; from service.app import app; client = Client(app); ' +
      'print(client.get("/live").status_code, client.get("/ready").status_code)';
    const env = {
      PYTHONPATH: path.join(PROJECT_ROOT, CLOUDRUN_IMAGE.context, 'cloudrun'),
      OUT_BUCKET: 'x',
      PDFMAGIC_CONVERT: '/nowhere',
    };
    expect(execFileSync(python, ['-B', '-c', program], { env, encoding: 'utf8' }).trim()).toBe('200 503');
  });

  test.each([
    ['without an out bucket', {}, /OUT_BUCKET is not set/],
    ['with an in bucket that nobody may sign for', { OUT_BUCKET: 'demo-out', IN_BUCKET: 'demo-in' }, /UPLOAD_KEY/],
    ['with an age that is no number', { OUT_BUCKET: 'demo-out', OBJECT_AGE: 'a week' }, /OBJECT_AGE is 'a week'/],
    ['with a storage that is none', { OUT_BUCKET: 'demo-out', GCS_ENDPOINT: 'ftp://x' }, /GCS_ENDPOINT/],
    ['when it is to serve what there is not', { OUT_BUCKET: 'demo-out', SERVES: 'files' }, /SERVES is 'files'/],
  ])('does not start %s, and says why', async (_, environment, words) => {
    await expect(startService(folder, environment)).rejects.toThrow(words);
  });

  test.each([
    ['api', 404, 200],
    ['events', 200, 404],
  ])('serves only what it is told: %s', async (serves, events, api) => {
    const other = await startService(folder, { ...settings(), SERVES: serves });
    try {
      const event = await fetch(`${other.url}/events`, { method: 'POST', headers: EVENT, body: data('photo.jpg') });
      expect(event.status).toBe(events);
      const headers = { 'content-type': 'image/jpeg' };
      const body = new Uint8Array(PHOTO);
      expect((await fetch(`${other.url}/convert/pdf`, { method: 'POST', headers, body })).status).toBe(api);
      expect((await fetch(`${other.url}/convert/`)).status).toBe(api);
    } finally {
      await other.stop();
    }
  });
});

describe('SIGTERM', () => {
  let large: Buffer;
  beforeAll(() => {
    const file = path.join(folder, 'large.jpg');
    execFileSync('/usr/bin/convert', ['-size', '6000x5000', 'xc:red', '-quality', '60', file]);
    large = readFileSync(file);
  });
  let other: TestService | undefined;
  afterEach(() => other?.stop());

  test('lets a conversion end, takes no new one, and leaves nothing behind', async () => {
    other = await startService(folder, settings());
    storage.put('demo-in', 'large.jpg', large);
    const { url } = other;
    const body = 'bucket=demo-in&name=large.jpg';
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const converting = fetch(`${url}/convert/pdf`, { method: 'PUT', headers, body });
    // The storage was asked, so the conversion is under way.
    await expect.poll(() => storage.calls.join('\n'), { timeout: 30_000 }).toContain('large.jpg');
    const stopped = other.stop();
    const answer = await converting;
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ object: 'large.pdf' });
    await stopped;
    await expect(fetch(`${url}/live`)).rejects.toThrow();
  });
});
