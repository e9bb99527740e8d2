import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../ground/json';
import { claimingSize, oriented, pages, TRUNCATED, TRUNCATED_BUT_CLOSED, withFrame, withSegment } from './jpegs';
import { PHOTO, PythonAction } from './python-action';

let v0: PythonAction;
let v1: PythonAction;

beforeAll(async () => {
  [v0, v1] = await Promise.all([PythonAction.start('v0'), PythonAction.start('v1')]);
});
afterAll(() => Promise.all([v0.stop(), v1.stop()]));
afterEach(() => {
  expect(v0.leftovers()).toEqual([]);
  expect(v1.leftovers()).toEqual([]);
});

const post = (jpeg: Buffer) => v1.run({ __ow_method: 'post', __ow_body: jpeg.toString('base64') });
const body = (response: JsonObject) => Buffer.from(String(response.body), 'base64');
const refusal = (status: number, code: string) => ({
  statusCode: status,
  headers: { 'Content-Type': 'application/json' },
  body: { code, error: expect.any(String) },
});

describe('v0', () => {
  it('answers a JPEG in base64 with a PDF of one page in base64', async () => {
    const { pdf } = await v0.run({ image: PHOTO.toString('base64') });
    const bytes = Buffer.from(String(pdf), 'base64');
    expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pages(bytes)).toEqual({ count: 1, width: 800, height: 600 });
  });

  it('takes base64 in lines, as the base64 command writes it', async () => {
    const lines = PHOTO.toString('base64').replace(/.{76}/g, '$&\n');
    expect(await v0.run({ image: lines })).toHaveProperty('pdf');
  });

  it.each([
    ['nothing', {}, "'image' is missing"],
    ['an empty image', { image: '' }, "'image' is missing"],
    ['no text', { image: 7 }, 'must be text'],
    ['no base64', { image: 'a photo!' }, 'not base64'],
    ['no ASCII', { image: 'ä' }, 'not base64'],
    ['another format', { image: Buffer.from('\x89PNG\r\n\x1a\n', 'latin1').toString('base64') }, '(PNG)'],
    ['a truncated JPEG', { image: TRUNCATED.toString('base64') }, 'truncated'],
  ])('answers %s with an error in words', async (_, parameters, words) => {
    expect(await v0.run(parameters)).toEqual({ error: expect.stringContaining(words) });
  });
});

describe('v1', () => {
  it('answers a JPEG with a PDF of one page', async () => {
    const response = await post(PHOTO);
    expect(response).toMatchObject({ statusCode: 200, headers: { 'Content-Type': 'application/pdf' } });
    expect(pages(body(response))).toEqual({ count: 1, width: 800, height: 600 });
  });

  it('answers the same JPEG with the same bytes', async () => {
    const first = await post(PHOTO);
    expect(body(first).toString('latin1')).not.toMatch(/CreationDate|ModDate/);
    expect(await post(PHOTO)).toEqual(first);
  });

  it('answers as v0 does, whatever is asked for', async () => {
    for (const wish of [{}, { quality: 'original', name: 'a.jpg' }, { quality: '40', page: 'letter', margin: '5' }]) {
      for (const jpeg of [PHOTO, oriented(7), PHOTO.subarray(0, -2)]) {
        const parameters = { __ow_body: jpeg.toString('base64'), ...wish };
        const { pdf } = await v0.run({ image: jpeg.toString('base64'), ...wish });
        expect(pdf).toBe((await v1.run(parameters)).body);
      }
    }
    const kept = { quality: 'original' };
    expect(await v0.run({ image: PHOTO.subarray(0, -2).toString('base64'), ...kept })).toMatchObject({
      reencoded: 'no end marker',
    });
    expect(await v0.run({ image: PHOTO.toString('base64'), ...kept })).not.toHaveProperty('reencoded');
    expect(await v0.run({ image: PHOTO.toString('base64'), quality: 'best' })).toEqual({
      error: expect.stringContaining("'original' or a whole number from 1 to 100"),
    });
  });

  it('keeps the quality of the photo: the PDF is about as large', async () => {
    const { length } = body(await post(PHOTO));
    expect(length).toBeGreaterThan(PHOTO.length * 0.9);
    expect(length).toBeLessThan(PHOTO.length * 1.2);
  });

  it('turns the photo as the camera was held', async () => {
    expect(pages(body(await post(oriented(6))))).toEqual({ count: 1, width: 600, height: 800 });
  });

  it('takes a JPEG with bytes after its end, as many cameras write', async () => {
    expect(await post(Buffer.concat([PHOTO, Buffer.alloc(1000, 7)]))).toMatchObject({ statusCode: 200 });
  });

  it.each([
    ['no body', {}, 400, 'empty-body'],
    ['an empty body', { __ow_body: '' }, 400, 'empty-body'],
    ['a body that is no base64', { __ow_body: 'hello' }, 400, 'bad-base64'],
    ['a parsed JSON body', { image: 'x' }, 400, 'empty-body'],
  ])('refuses %s', async (_, parameters, status, code) => {
    expect(await v1.run({ __ow_method: 'post', ...parameters })).toEqual(refusal(status, code));
  });

  it.each([
    ['a PDF', Buffer.from('%PDF-1.3'), 422, 'not-a-jpeg'],
    ['a script for ImageMagick', Buffer.from('push graphic-context\nimage over 0,0 0,0 "|id"'), 422, 'not-a-jpeg'],
    ['nothing but the first bytes', PHOTO.subarray(0, 3), 422, 'truncated-jpeg'],
    ['half a JPEG', TRUNCATED, 422, 'truncated-jpeg'],
    ['a JPEG that lacks nothing but its end marker', PHOTO.subarray(0, -2), 200, ''],
    ['a JPEG that lacks half of its end marker', PHOTO.subarray(0, -1), 200, ''],
    ['a JPEG that lacks its last rows, too', PHOTO.subarray(0, -2000), 422, 'truncated-jpeg'],
    ['half a JPEG with an end marker', TRUNCATED_BUT_CLOSED, 422, 'truncated-jpeg'],
    ['a JPEG without image data', Buffer.from('ffd8ffd9', 'hex'), 422, 'corrupt-jpeg'],
    ['a segment without a length', withSegment(Buffer.from('ffe00001', 'hex')), 422, 'corrupt-jpeg'],
    ['a million fill bytes', withSegment(Buffer.alloc(300_000, 0xff)), 200, ''],
    ['nothing but markers', withSegment(Buffer.alloc(100_000, 'ffd0', 'hex')), 422, 'corrupt-jpeg'],
    ['a lossless JPEG', withFrame(0xc3), 422, 'unsupported-jpeg'],
    ['a decompression bomb', claimingSize(65_000, 65_000), 413, 'too-many-pixels'],
    ['a very long strip', claimingSize(65_501, 1), 413, 'too-many-pixels'],
    ['more pixels than ImageMagick has room for', claimingSize(8192, 6200), 413, 'too-many-pixels'],
    ['more pixels than data', claimingSize(4000, 4000), 422, 'truncated-jpeg'],
    ['no height', claimingSize(800, 0), 422, 'corrupt-jpeg'],
  ])('answers %s as it deserves', async (_, jpeg, status, code) => {
    const expected = status === 200 ? expect.objectContaining({ statusCode: 200 }) : refusal(status, code);
    expect(await post(jpeg)).toEqual(expected);
  });

  it('says how far a truncated JPEG goes', async () => {
    const { body: found } = await post(TRUNCATED);
    expect(found).toMatchObject({ error: expect.stringContaining(`after ${TRUNCATED.length} bytes`) });
  });
});
