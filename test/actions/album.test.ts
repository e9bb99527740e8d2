/** Several photographs in one PDF (v2), and what a file's own metadata ask for (v3), on the storage emulator. */
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ALBUM_PHOTOGRAPHS } from '../../contract/options';
import type { JsonObject } from '../../ground/json';
import { openEmulator } from '../storage/emulator';
import { deployed } from './deployed';
import { pages, TRUNCATED } from './jpegs';
import { newServiceAccount } from './keys';
import { jpegOf } from './pictures';
import { PHOTO, PythonAction } from './python-action';

let emulator: Awaited<ReturnType<typeof openEmulator>>;
let v2: PythonAction;
const { key } = newServiceAccount();
const SMALL = jpegOf();

beforeAll(async () => {
  [emulator, v2] = await Promise.all([openEmulator(), PythonAction.start('v2')]);
  for (const name of ['demo-in', 'demo-out']) await emulator.client().createBucket(name);
  for (const [name, bytes] of Object.entries({ 'a.jpg': PHOTO, 'b.jpg': SMALL, 'bad.jpg': TRUNCATED }))
    await put(name, bytes);
});
afterAll(async () => {
  await v2.stop();
  await emulator.close();
});
afterEach(() => expect(v2.leftovers()).toEqual([]));

async function put(name: string, bytes: Buffer, metadata: Record<string, string> = {}) {
  const file = emulator.client().bucket('demo-in').file(name);
  await file.save(bytes, { contentType: 'image/jpeg', resumable: false, metadata: { metadata } });
  const [{ generation }] = await file.getMetadata();
  return { name, generation: `${generation}` };
}
const call = (given: JsonObject) => {
  const settings = { 'out-bucket': 'demo-out', 'gcs-key': key, 'gcs-endpoint': emulator.endpoint };
  return v2.run(deployed('v2', { bucket: 'demo-in', ...settings, ...given }));
};
const read = async (name: string) => (await emulator.client().bucket('demo-out').file(name).download())[0];
const made = async () => (await emulator.client().bucket('demo-out').getFiles())[0].map(({ name }) => name);
const widths = (pdf: Buffer) =>
  [...pdf.toString('latin1').matchAll(/\/MediaBox \[0 0 ([\d.]+) /g)].map(([, width]) => Number(width));

describe('an album', () => {
  it('has the photographs in the order of their names, the same bytes each time, and a title', async () => {
    const album = { names: ['b.jpg', 'a.jpg', 'b.jpg'], into: 'folder/Summer é.pdf', quality: 'original' };
    const answer = await call(album);
    const pdf = await read(album.into);
    const place = { bucket: 'demo-out', object: album.into, size: pdf.length, pages: 3 };
    expect(answer).toEqual({ ...place, leftOut: [], reencoded: [] });
    expect(widths(pdf)).toEqual([48, 800, 48]);
    const title = Buffer.from('\ufeffSummer é', 'utf16le').swap16().toString('hex').toUpperCase();
    expect(pdf.toString('latin1')).toContain(`/Title <${title}>`);
    await call(album);
    expect((await read(album.into)).equals(pdf)).toBe(true);
  });

  it('is replaced by the same photographs in another order, and by no others', async () => {
    await call({ names: ['a.jpg', 'b.jpg'], into: 'order.pdf' });
    expect(await call({ names: ['b.jpg', 'a.jpg'], into: 'order.pdf' })).toMatchObject({ pages: 2 });
    expect(widths(await read('order.pdf'))).toEqual([48, 800]);
    expect(await call({ names: ['b.jpg'], into: 'order.pdf' })).toEqual({
      error: expect.stringContaining('was made of other photographs'),
    });
    await call({ name: 'a.jpg' });
    expect(await call({ names: ['a.jpg', 'b.jpg'], into: 'a.pdf' })).toHaveProperty('error');
  });

  it('with a bad photograph is not made, and the answer names it', async () => {
    const answer = await call({ names: ['a.jpg', 'bad.jpg'], into: 'bad.pdf' });
    expect(answer).toEqual({ error: expect.stringMatching(/^'bad\.jpg': The JPEG is truncated/) });
    expect(await call({ names: ['a.jpg', 'none.jpg'], into: 'bad.pdf' })).toEqual({
      error: expect.stringContaining("'none.jpg': There is no object"),
    });
    const web = await call({ names: ['a.jpg', 'bad.jpg'], into: 'bad.pdf', __ow_method: 'put' });
    expect(web).toMatchObject({ statusCode: 422, body: { code: 'truncated-jpeg', name: 'bad.jpg' } });
    expect(await made()).not.toContain('bad.pdf');
  });

  it('whose bucket is missing is not blamed on a photograph', async () => {
    const answer = await call({ bucket: 'no-such-in', names: ['a.jpg'], into: 'x.pdf' });
    expect(answer).toEqual({ error: expect.stringContaining('no-such-in') });
  });

  it('is made without the bad ones if the caller says so, and the answer names them', async () => {
    const onError = 'leave-out';
    const answer = await call({ names: ['bad.jpg', 'none.jpg', 'b.jpg'], into: 'rest.pdf', onError });
    expect(answer).toMatchObject({
      pages: 1,
      leftOut: [
        { name: 'bad.jpg', code: 'truncated-jpeg', error: expect.any(String) },
        { name: 'none.jpg', code: 'no-such-object', error: expect.any(String) },
      ],
    });
    expect(pages(await read('rest.pdf'))).toMatchObject({ count: 1, width: 48 });
    expect(await call({ names: ['bad.jpg'], into: 'none.pdf', onError })).toEqual({
      error: expect.stringContaining('None of the photographs can be converted'),
    });
    expect(await made()).not.toContain('none.pdf');
  });

  it('says which photographs were encoded again although the original was asked for', async () => {
    await put('open.jpg', SMALL.subarray(0, -2));
    const answer = await call({ names: ['a.jpg', 'open.jpg'], into: 'mixed.pdf', quality: 'original' });
    expect(answer.reencoded).toEqual([{ name: 'open.jpg', reason: 'no end marker' }]);
  });

  it.each([
    [{ names: ['a.jpg'] }, "'into' is missing"],
    [{ into: 'x.pdf' }, "'names' is missing"],
    [{ names: 'a.jpg', into: 'x.pdf' }, 'must be a list'],
    [{ names: [], into: 'x.pdf' }, 'must be a list'],
    [{ names: [1], into: 'x.pdf' }, 'must be a list'],
    [{ names: ['a.jpg'], into: 'x.jpg' }, 'end in'],
    [{ names: ['a.jpg'], into: 'x.pdf', name: 'a.jpg' }, 'not both'],
    [{ names: ['a.jpg'], into: 'x.pdf', onError: 'ignore' }, "'refuse' or 'leave-out'"],
    [{ names: ['a.jpg'], into: 'x.pdf', page: 'a5' }, "'picture', 'a4', 'letter'"],
  ])('of %j is refused with what is allowed', async (given, words) => {
    expect(await call(given as JsonObject)).toEqual({ error: expect.stringContaining(words) });
  });

  it('of too many photographs is refused with how many are allowed', async () => {
    const names = Array.from({ length: ALBUM_PHOTOGRAPHS + 1 }, () => 'a.jpg');
    const words = `${ALBUM_PHOTOGRAPHS} are allowed`;
    expect(await call({ names, into: 'x.pdf' })).toEqual({ error: expect.stringContaining(words) });
  });

  it('of many large photographs goes through the memory piece by piece', async () => {
    // Nothing in coded data has to make sense where it is not decoded.
    const large = Buffer.concat([PHOTO.subarray(0, -2), Buffer.alloc(5_000_000, 0x5a), PHOTO.subarray(-2)]);
    await put('large.jpg', large);
    const peak = () => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${v2.pid}/status`, 'utf8'))?.[1]) / 1024;
    await call({ names: ['large.jpg'], into: 'first.pdf', quality: 'original' });
    const before = peak();
    const names = Array.from({ length: 30 }, () => 'large.jpg');
    const answer = await call({ names, into: 'many.pdf', quality: 'original' });
    expect(answer).toMatchObject({ pages: 30 });
    expect(Number(answer.size)).toBeGreaterThan(150_000_000);
    expect(peak() - before).toBeLessThan(60);
  }, 60_000);
});

describe('a new file', () => {
  it('says by its metadata how it is converted', async () => {
    const event = await put('asked.jpg', PHOTO, { quality: 'original', page: 'a4' });
    await call(event);
    const pdf = await read('asked.pdf');
    expect(pdf.includes(PHOTO.subarray(-10_000))).toBe(true);
    expect(widths(pdf)).toEqual([841.89]);
  });

  it('that asks for what there is not is refused, with a record', async () => {
    const answer = await call(await put('wrong.jpg', PHOTO, { quality: 'best' }));
    expect(answer).toEqual({ error: expect.stringContaining("Allowed: 'original'") });
    expect(await made()).toContain('wrong.jpg.error.json');
  });

  it('that is for an album makes no PDF of its own', async () => {
    expect(await call(await put('part.jpg', PHOTO, { part: 'true' }))).toEqual({ skipped: true });
    expect(await made()).not.toContain('part.pdf');
  });

  it('that comes twice does not undo what somebody asked for meanwhile', async () => {
    const event = await put('twice.jpg', PHOTO);
    await call(event);
    expect(await call({ name: 'twice.jpg' })).toHaveProperty('unchanged');
    expect(await call({ name: 'twice.jpg', quality: 'original' })).not.toHaveProperty('unchanged');
    expect(await call({ name: 'twice.jpg', quality: 'original' })).toHaveProperty('unchanged');
    expect(await call(event)).toHaveProperty('unchanged');
    expect((await read('twice.pdf')).includes(PHOTO.subarray(-10_000))).toBe(true);
  });
});
