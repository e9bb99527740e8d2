/** What ImageMagick encodes never looks worse than the JPEG that was sent: at least 45 dB, for every kind of quantization table. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { magick, type Pixels, readPixels, segment } from './pictures';
import { PHOTO, PythonAction } from './python-action';
import { asRgb, tablesOf, withThreeTables } from './variants';

/** Decibels between the picture in the PDF and the one that was sent. No one sees 40. */
const BOUND = 45;

let v1: PythonAction;
beforeAll(async () => {
  v1 = await PythonAction.start('v1');
});
afterAll(() => v1.stop());

const convert = async (jpeg: Buffer, quality?: string) => {
  const answer = await v1.run({ __ow_body: jpeg.toString('base64'), ...(quality && { quality }) });
  expect(answer).toMatchObject({ statusCode: 200 });
  return Buffer.from(String(answer.body), 'base64');
};
/** The JPEG in a PDF of one page. */
function embedded(pdf: Buffer): Buffer {
  const [entry = '', length] = /\/Length (\d+)\n>>\nstream\n/.exec(pdf.toString('latin1')) ?? [];
  const start = pdf.indexOf(entry) + entry.length;
  return pdf.subarray(start, start + Number(length));
}
const decode = (jpeg: Buffer, colours: string): Pixels => {
  // CMYK has no PPM: its four colours are looked at one by one, beside each other.
  const apart = colours === 'CMYK' ? ['-separate', '+append'] : [];
  return readPixels(
    magick(['jpeg', jpeg], 'ppm', ...apart, '-colorspace', 'sRGB', '-type', 'TrueColor', '-depth', '8'),
  );
};
function decibels(one: Pixels, other: Pixels): number {
  expect([one.width, one.height]).toEqual([other.width, other.height]);
  let sum = 0;
  for (const [index, byte] of one.bytes.entries()) sum += (byte - (other.bytes[index] ?? 0)) ** 2;
  return sum === 0 ? 99 : 10 * Math.log10((255 * 255 * one.bytes.length) / sum);
}
const made = (...args: string[]) => magick(['jpeg', PHOTO], 'jpeg', '-resize', '50%', ...args);

/** One table for all colours. */
function withOneTable(jpeg: Buffer): Buffer {
  const changed = Buffer.from(jpeg);
  const frame = changed.indexOf(Buffer.from('ffc00011', 'hex'));
  for (const at of [12, 15, 18]) changed[frame + at] = 0;
  return changed;
}
/** Tables of two bytes a step. */
function withWideTables(jpeg: Buffer): Buffer {
  const pieces = tablesOf(jpeg).map((at) => {
    const wide = Buffer.alloc(129);
    wide[0] = 0x10 | (jpeg[at + 4] ?? 0);
    for (let index = 0; index < 64; index++) wide.writeUInt16BE(jpeg[at + 5 + index] ?? 0, 1 + 2 * index);
    return segment(0xdb, wide);
  });
  const changed = Buffer.from(jpeg);
  changed[changed.indexOf(Buffer.from('ffc00011', 'hex')) + 1] = 0xc1;
  const first = tablesOf(changed)[0] ?? 0;
  return Buffer.concat([changed.subarray(0, first), ...pieces, changed.subarray(first + 138)]);
}
const KINDS: Readonly<Record<string, () => Buffer>> = {
  ...Object.fromEntries(
    [3, 10, 30, 50, 75, 90, 95, 98, 100].map((q) => [`tables of quality ${q}`, () => made('-quality', `${q}`)]),
  ),
  'three tables': () => withThreeTables(made('-quality', '90', '-sampling-factor', '2x2')),
  'one table': () => withOneTable(made('-quality', '85', '-sampling-factor', '2x2')),
  'tables of 16 bits': () => withWideTables(made('-quality', '5', '-sampling-factor', '2x2')),
  'no subsampling': () => made('-quality', '85', '-sampling-factor', '1x1'),
  'subsampling across': () => made('-quality', '85', '-sampling-factor', '2x1'),
  'subsampling down': () => made('-quality', '85', '-sampling-factor', '1x2'),
  'a quarter of the colours across': () => made('-quality', '85', '-sampling-factor', '4x1'),
  'a progressive JPEG': () => made('-quality', '85', '-interlace', 'JPEG'),
  grey: () => made('-quality', '85', '-colorspace', 'Gray'),
  RGB: () => asRgb(made('-quality', '85', '-sampling-factor', '1x1')),
  'coarse RGB': () => asRgb(made('-quality', '30', '-sampling-factor', '1x1')),
  CMYK: () => made('-quality', '85', '-colorspace', 'CMYK'),
};

describe.each(Object.entries(KINDS))('a JPEG with %s', (kind, make) => {
  test(`is at least ${BOUND} dB from what was sent, the original the same to the bit`, async () => {
    const jpeg = make();
    const sent = decode(jpeg, kind);
    expect(decibels(decode(embedded(await convert(jpeg)), kind), sent)).toBeGreaterThan(BOUND);
    expect(decibels(decode(embedded(await convert(jpeg, 'original')), kind), sent)).toBe(99);
  });
});

test('a quality that is asked for counts: the lower it is, the smaller is the PDF', async () => {
  const sizes: number[] = [];
  for (const quality of ['95', '60', '20']) sizes.push((await convert(PHOTO, quality)).length);
  expect(sizes).toEqual([...sizes].sort((one, other) => other - one));
});
