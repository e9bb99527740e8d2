import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../ground/json';
import { deployed } from './deployed';
import { TRUNCATED } from './jpegs';
import { newServiceAccount } from './keys';
import { PHOTO, PythonAction } from './python-action';
import { StorageStandIn } from './storage-stand-in';

let v2: PythonAction;
let storage: StorageStandIn;
let key: ReturnType<typeof newServiceAccount>['key'];

beforeAll(async () => {
  [v2, storage] = await Promise.all([
    PythonAction.start('v2', { __OW_ACTIVATION_ID: 'an-activation' }),
    StorageStandIn.start(),
  ]);
  key = newServiceAccount(`${storage.url}/token`).key;
});
afterAll(async () => {
  storage.stop();
  await v2.stop();
});
beforeEach(() => {
  storage.buckets.set('demo-in', new Map()).set('demo-out', new Map());
  storage.failures.length = 0;
  storage.beforeUpload = () => undefined;
});

function convert(parameters: JsonObject) {
  const settings = { 'out-bucket': 'demo-out', 'gcs-key': key, 'gcs-endpoint': storage.url };
  return v2.run(deployed('v2', { bucket: 'demo-in', ...settings, ...parameters }));
}

/** The event of an object that is put there. */
function arrive(name: string, bytes: Buffer): { name: string; generation: string } {
  return { name, generation: `${storage.put('demo-in', name, bytes)}` };
}

const out = (name: string) => storage.object('demo-out', name);
const record = (name: string): unknown => JSON.parse(out(name)?.bytes.toString() ?? 'null');
const uploads = () => storage.calls.filter((call) => call.includes('/upload/')).length;
const mark = (event: { name: string; generation: string }) => ({
  'source-bucket': 'demo-in',
  'source-name': event.name,
  'source-generation': event.generation,
  activation: 'an-activation',
});

/** The answer that has the feed give an event again. */
const again = (words: string) => ({ error: { message: expect.stringContaining(words), retry: true } });

describe('an event of a new file', () => {
  it('leaves a PDF that says which generation of which object it was made from', async () => {
    const event = arrive('a.jpg', PHOTO);
    expect(await convert(event)).toEqual({ bucket: 'demo-out', object: 'a.pdf', size: out('a.pdf')?.bytes.length });
    expect(out('a.pdf')?.metadata).toEqual(mark(event));
  });

  it('that comes twice converts nothing the second time', async () => {
    const event = arrive('a.jpg', PHOTO);
    const first = await convert(event);
    const before = uploads();
    expect(await convert(event)).toEqual({ ...first, unchanged: true });
    expect(uploads()).toBe(before);
    expect(await convert({ name: 'a.jpg' })).toEqual({ ...first, unchanged: true });
  });

  it('of a newer generation replaces the PDF; one that comes late does not', async () => {
    const old = arrive('a.jpg', PHOTO);
    await convert(old);
    const young = arrive('a.jpg', PHOTO);
    expect(await convert(young)).not.toHaveProperty('unchanged');
    expect(out('a.pdf')?.metadata).toEqual(mark(young));
    expect(await convert(old)).toMatchObject({ unchanged: true });
    expect(out('a.pdf')?.metadata).toEqual(mark(young));
  });

  it('of a file that is gone is skipped, and nothing is recorded: there is nothing to account for', async () => {
    const old = arrive('a.jpg', PHOTO);
    arrive('a.jpg', PHOTO);
    expect(await convert(old)).toEqual({ skipped: true });
    expect(storage.buckets.get('demo-out')?.size).toBe(0);
  });

  it('of a broken file leaves a record of why, which goes once the file is mended', async () => {
    const event = arrive('b.jpg', TRUNCATED);
    const { error } = await convert(event);
    expect(record('b.jpg.error.json')).toEqual({
      ...{ bucket: 'demo-in', ...event },
      code: 'truncated-jpeg',
      error,
      activation: 'an-activation',
    });
    expect(out('b.jpg.error.json')).toMatchObject({ contentType: 'application/json', metadata: mark(event) });
    await convert(arrive('b.jpg', PHOTO));
    expect([...(storage.buckets.get('demo-out')?.keys() ?? [])]).toEqual(['b.pdf']);
  });

  it('leaves a record of what goes wrong within the service as well', async () => {
    const event = arrive('c.jpg', PHOTO);
    storage.failures.push(403);
    expect(await convert(event)).toEqual(again('no permission'));
    expect(record('c.jpg.error.json')).toMatchObject({ code: 'no-permission' });
    await convert(event);
    expect([...(storage.buckets.get('demo-out')?.keys() ?? [])]).toEqual(['c.pdf']);
  });

  it('is asked for again when the bucket is away, or its refusal cannot be written down', async () => {
    const event = arrive('broken.jpg', TRUNCATED);
    storage.buckets.delete('demo-out');
    expect(await convert(event)).toEqual(again('does not exist'));
    storage.buckets.set('demo-out', new Map());
    expect(await convert(event)).toEqual({ error: expect.any(String) });
    expect(record('broken.jpg.error.json')).toMatchObject({ code: 'truncated-jpeg' });
    const bucket = storage.buckets.get('demo-in') ?? new Map();
    storage.buckets.delete('demo-in');
    expect(await convert(event)).toEqual(again('no bucket'));
    storage.buckets.set('demo-in', bucket);
    expect(await convert({ ...event, generation: '1' })).toEqual({ skipped: true });
  });

  it('is asked for again when the deployer gave no usable key; a call by hand has its answer', async () => {
    const event = arrive('k.jpg', PHOTO);
    expect(await convert({ ...event, 'gcs-key': 'none' })).toEqual(again(''));
    expect(await convert({ name: event.name, 'gcs-key': 'none' })).toEqual({ error: expect.any(String) });
  });

  it('with a name too long for a PDF is recorded as well', async () => {
    const event = arrive('x'.repeat(1022), PHOTO);
    expect(await convert(event)).toEqual({ error: expect.stringContaining('1026 bytes') });
    const [name = ''] = storage.buckets.get('demo-out')?.keys() ?? [];
    expect(record(name)).toMatchObject({ ...event, code: 'bad-parameter' });
  });

  it('that comes again after a newer one was refused leaves the record of that', async () => {
    const old = arrive('d.jpg', PHOTO);
    await convert(old);
    const young = arrive('d.jpg', TRUNCATED);
    await convert(young);
    expect(await convert(old)).toMatchObject({ unchanged: true });
    expect(out('d.jpg.error.json')?.metadata).toEqual(mark(young));
    expect(out('d.pdf')?.metadata).toEqual(mark(old));
  });

  it('that comes again after a crash clears away the record of an older one', async () => {
    const old = arrive('e.jpg', TRUNCATED);
    await convert(old);
    const young = arrive('e.jpg', PHOTO);
    storage.put('demo-out', 'e.pdf', Buffer.from('written before the crash'), 'application/pdf', mark(young));
    expect(await convert(young)).toMatchObject({ unchanged: true });
    expect([...(storage.buckets.get('demo-out')?.keys() ?? [])]).toEqual(['e.pdf']);
  });

  it('never replaces the PDF of another file', async () => {
    const first = arrive('a.jpg', PHOTO);
    const second = arrive('a.jpeg', PHOTO);
    await convert(first);
    expect(await convert({ ...second, __ow_method: 'put' })).toMatchObject({
      statusCode: 409,
      body: { code: 'name-taken', error: expect.stringContaining("is the PDF of 'a.jpg'") },
    });
    expect(out('a.pdf')?.metadata).toEqual(mark(first));
    expect(record('a.jpeg.error.json')).toMatchObject({ code: 'name-taken' });
  });

  it('records long names below their digest', async () => {
    const event = arrive(`${'x'.repeat(201)}.jpg`, TRUNCATED);
    await convert(event);
    const names = [...(storage.buckets.get('demo-out')?.keys() ?? [])];
    expect(names).toEqual([expect.stringMatching(/^long-names\/[0-9a-f]{64}\.error\.json$/)]);
  });
});

describe('two runs at once', () => {
  it('of one generation: the second finds the PDF of the first and says so', async () => {
    const event = arrive('a.jpg', PHOTO);
    storage.beforeUpload = (name) => {
      storage.beforeUpload = () => undefined;
      storage.put('demo-out', name, Buffer.from('the PDF of the other run'), 'application/pdf', mark(event));
    };
    expect(await convert(event)).toMatchObject({ object: 'a.pdf', unchanged: true });
    expect(out('a.pdf')?.bytes.toString()).toBe('the PDF of the other run');
  });

  it('of a broken file: both record it, and one record stands', async () => {
    const event = arrive('a.jpg', TRUNCATED);
    storage.beforeUpload = (name) => {
      storage.beforeUpload = () => undefined;
      storage.put('demo-out', name, Buffer.from('{}'), 'application/json', mark(event));
    };
    await convert(event);
    expect(record('a.jpg.error.json')).toMatchObject({ code: 'truncated-jpeg' });
  });

  it('of two generations: the newer one stands, whoever was faster', async () => {
    const event = arrive('a.jpg', PHOTO);
    storage.beforeUpload = (name) => {
      storage.beforeUpload = () => undefined;
      storage.put('demo-out', name, Buffer.from('an older one'), 'application/pdf', {
        ...mark(event),
        'source-generation': '0',
      });
    };
    expect(await convert(event)).not.toHaveProperty('unchanged');
    expect(out('a.pdf')?.metadata).toEqual(mark(event));
  });
});

describe('a call', () => {
  it.each(['0', '-1', '1.5', 'newest', '1'.repeat(20), true, {}])(
    'with the generation %j is refused',
    async (generation) => {
      storage.put('demo-in', 'a.jpg', PHOTO);
      const answer = await convert({ name: 'a.jpg', generation, __ow_method: 'put' });
      expect(answer).toMatchObject({ statusCode: 400, body: { code: 'bad-parameter' } });
    },
  );

  it('that would read from the bucket that PDFs go to is refused before anything is read', async () => {
    storage.put('demo-out', 'a.jpg', PHOTO);
    storage.calls.length = 0;
    const answer = await convert({ bucket: 'demo-out', name: 'a.jpg', __ow_method: 'put' });
    expect(answer).toMatchObject({ statusCode: 400, body: { code: 'bad-parameter' } });
    expect(storage.calls).toEqual([]);
  });
});
