/** The page around a picture, what is in the PDF and what is not. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { deflateSync, inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../ground/json';
import { claimingSize, pages } from './jpegs';
import { exif, inFolder, insert, jfif, jpegOf, segment } from './pictures';
import { PHOTO, PythonAction } from './python-action';
import { icc, profile } from './variants';

let v1: PythonAction;
beforeAll(async () => {
  v1 = await PythonAction.start('v1');
});
afterAll(() => v1.stop());

const post = (jpeg: Buffer, query: JsonObject = {}, headers: JsonObject = {}) =>
  v1.run({ __ow_body: jpeg.toString('base64'), __ow_headers: headers, ...query });
async function convert(jpeg: Buffer, query: JsonObject = {}): Promise<Buffer> {
  const answer = await post(jpeg, query);
  expect(answer).toMatchObject({ statusCode: 200 });
  return Buffer.from(String(answer.body), 'base64');
}
/** A picture of 48x32 pixels. */
const SMALL = jpegOf();
/** The small picture with another size in its header: nothing decodes an original, so it need not be true. */
function claiming(width: number, height: number): Buffer {
  const jpeg = Buffer.from(SMALL);
  const frame = jpeg.indexOf(Buffer.from('ffc00011', 'hex'));
  jpeg.writeUInt16BE(height, frame + 5);
  jpeg.writeUInt16BE(width, frame + 7);
  // Enough data for that many blocks.
  return Buffer.concat([
    jpeg.subarray(0, -2),
    Buffer.alloc(20_000 + Math.ceil((width * height) / 60)),
    jpeg.subarray(-2),
  ]);
}
const pageOf = async (jpeg: Buffer, query: JsonObject = {}) => {
  const { width, height } = pages(await convert(jpeg, { quality: 'original', ...query }));
  return [width, height];
};

describe('the page of a picture', () => {
  test.each([
    ['without a resolution: a point a pixel', SMALL, [48, 32]],
    ['of 300 dpi by JFIF', insert(SMALL, jfif(300, 300)), [11.52, 7.68]],
    ['of 100 dots per centimetre', insert(SMALL, jfif(100, 100, 2)), [13.606, 9.071]],
    ['of 300 dpi by Exif', insert(SMALL, exif(1, [300, 300])), [11.52, 7.68]],
    [
      'of 72 dpi by JFIF, which means nothing, and 144 by Exif',
      insert(SMALL, jfif(72, 72), exif(1, [144, 144])),
      [24, 16],
    ],
    ['of a shape of pixels, which is no resolution', insert(SMALL, jfif(4, 3, 0)), [48, 32]],
    ['of 1 dpi', insert(SMALL, exif(1, [1, 1])), [48, 32]],
    ['of 2 dpi', insert(SMALL, jfif(2, 2)), [48, 32]],
    ['of 65535 dpi', insert(SMALL, jfif(65_535, 65_535)), [48, 32]],
    ['of 300 by 1 dpi', insert(SMALL, jfif(300, 1)), [48, 32]],
    ['of a phone: 72 dpi and 12 megapixels', insert(claiming(4032, 3024), exif(1, [72, 72])), [841.89, 631.417]],
    ['of a scanner: 300 dpi and A3', insert(claiming(3508, 4961), jfif(300, 300)), [841.92, 1190.64]],
    ['just as long as A3 at 72 dpi', claiming(1190, 800), [1190, 800]],
    ['thinner than any page', claiming(4000, 2), [6000, 3]],
    ['thinner than any page, however long', claiming(65_500, 1), [14_400, 3]],
    ['larger than any page', insert(claiming(65_000, 130), jfif(200, 200)), [14_400, 28.8]],
    [
      'larger than A3, of 21 dpi, which means no more than 72',
      insert(claiming(8000, 4000), jfif(21, 21)),
      [841.89, 420.945],
    ],
  ])('%s', async (_, jpeg, page) => {
    expect(await pageOf(jpeg)).toEqual(page);
  });

  test.each([
    [{ page: 'a4' }, [841.89, 595.276]],
    [{ page: 'A4', margin: '10' }, [841.89, 595.276]],
    [{ page: 'letter' }, [792, 612]],
    [{ page: '100x150mm' }, [425.197, 283.465]],
    [{ page: '150x100mm' }, [425.197, 283.465]],
    [{ page: 'picture', margin: 25.4 }, [192, 176]],
    [{ page: '', margin: '', quality: '' }, [48, 32]],
  ])('as %j asks', async (query, page) => {
    expect(await pageOf(SMALL, query)).toEqual(page);
  });

  test('is upright for an upright picture, and the picture fits within the margin', async () => {
    const pdf = await convert(insert(SMALL, exif(6)), { page: 'a4', margin: 10, quality: 'original' });
    expect(pages(pdf)).toMatchObject({ width: 595.276, height: 841.89 });
    const [, ...matrix] = /q\n(\S+) (\S+) (\S+) (\S+) (\S+) (\S+) cm/.exec(pdf.toString('latin1')) ?? [];
    const [a, b = 0, c = 0, d, e = 0, f = 0] = matrix.map(Number);
    expect([a, d]).toEqual([0, 0]);
    expect(c / -b).toBeCloseTo(32 / 48, 3);
    expect(f + b).toBeCloseTo((10 * 72) / 25.4, 2);
    expect(f).toBeCloseTo(841.89 - (10 * 72) / 25.4, 2);
    expect(e).toBeCloseTo(595.276 - e - c, 2);
  });

  test.each([
    [{ quality: '0' }, "'original' or a whole number from 1 to 100"],
    [{ quality: 'best' }, "'original' or"],
    [{ quality: '80.5' }, "'original' or"],
    [{ quality: true }, 'text or a number'],
    [{ page: 'a5' }, "'picture', 'a4', 'letter', or a size such as '100x150mm'"],
    [{ page: '1x100mm' }, 'sides of 1.1 to 5080 mm'],
    [{ page: '9999x9999mm' }, 'sides of'],
    [{ margin: '-1' }, 'millimetres from 0 to 100'],
    [{ margin: '101' }, 'millimetres from 0 to 100'],
    [{ page: '20x20mm', margin: 10 }, 'no room'],
  ])('as %j asks is refused with what is allowed', async (query, words) => {
    const body = { code: 'bad-parameter', error: expect.stringContaining(words) };
    expect(await post(SMALL, query as JsonObject)).toMatchObject({ statusCode: 400, body });
  });
});

describe('what is in the PDF', () => {
  const PRIVATE = [
    segment(0xe1, Buffer.from('http://ns.adobe.com/xap/1.0/\0PRIVATE xmp')),
    segment(0xed, Buffer.from('Photoshop 3.0\0PRIVATE iptc')),
    segment(0xfe, Buffer.from('PRIVATE comment')),
    segment(0xe5, Buffer.from('PRIVATE maker')),
  ];

  test.each(['', '80', 'original'])('is nothing but picture and profile (quality %j)', async (quality) => {
    const jpeg = Buffer.concat([insert(SMALL, exif(1, [300, 300]), ...PRIVATE), Buffer.from('PRIVATE film')]);
    const text = (await convert(jpeg, { quality })).toString('latin1');
    for (const word of ['PRIVATE', 'Exif', 'adobe', 'Photoshop', 'Date', 'Producer']) expect(text).not.toContain(word);
  });

  test.each(['', 'original'])('is the profile once, however many pieces it came in (quality %j)', async (quality) => {
    const whole = profile('RGB ');
    const jpeg = insert(SMALL, icc(whole.subarray(250), 2, 2), icc(whole.subarray(0, 250), 1, 2));
    const pdf = await convert(jpeg, { quality });
    expect(pdf.toString('latin1').split('/ICCBased')).toHaveLength(2);
    expect(pdf.includes('ICC_PROFILE')).toBe(false);
    const start = pdf.indexOf('stream\n') + 7;
    expect(inflateSync(pdf.subarray(start, pdf.indexOf('\nendstream', start))).equals(whole)).toBe(true);
    expect(deflateSync(whole).length).toBeLessThan(whole.length);
  });

  test.each([
    ['arithmetic coding', Buffer.from(SMALL.toString('latin1').replace('\xff\xc0\0\x11', '\xff\xc9\0\x11'), 'latin1')],
    ['no end marker', SMALL.subarray(0, -2)],
    ['a colour profile that does not fit', insert(SMALL, icc(profile('CMYK')))],
    ['a colour profile that does not fit', insert(SMALL, icc(profile('RGB ').subarray(0, 300)))],
    ['CMYK without Adobe', withoutAdobe(jpegOf('-colorspace', 'CMYK'))],
    [
      'contradict',
      insert(SMALL, jfif(1, 1, 0), segment(0xee, Buffer.from('41646f62650064000000000000', 'hex').subarray(0, 12))),
    ],
  ])('is encoded again where the original cannot be kept, and the answer says why: %s', async (why, jpeg) => {
    const answer = await post(jpeg, { quality: 'original' });
    const headers = { 'PDFMagic-Reencoded': expect.stringContaining(why) };
    expect(answer).toMatchObject({ statusCode: 200, headers });
  });

  test('is a title where a name is known, in UTF-16 with its mark, and none else', async () => {
    const title = async (name?: string) => {
      const text = (await convert(SMALL, name === undefined ? {} : { name })).toString('latin1');
      const [, hex] = /\/Title <([0-9A-F]*)>/.exec(text) ?? [];
      return hex === undefined ? undefined : Buffer.from(hex, 'hex').swap16().toString('utf16le');
    };
    expect(await title()).toBeUndefined();
    expect(await title('Süd 写 😀.JPG')).toBe('\ufeffSüd 写 😀');
    expect(await title('C:\\photos\\a\u0000b\u202e.jpeg')).toBe('\ufeffab');
    expect(await title('.jpg')).toBeUndefined();
  });

  test('is refused where the data cannot be a whole picture, though nothing decodes it', async () => {
    for (const jpeg of [claimingSize(16_000, 16_000), claimingSize(65_500, 65_500)])
      expect(await post(jpeg, { quality: 'original' })).toMatchObject({ body: { code: 'truncated-jpeg' } });
    const restarts = jpegOf('-define', 'jpeg:restart-interval=1');
    const broken = insert(SMALL, segment(0xdd, Buffer.from([0, 1])));
    expect(await post(restarts, { quality: 'original' })).toMatchObject({ statusCode: 200 });
    expect(await post(broken, { quality: 'original' })).toMatchObject({ body: { code: 'truncated-jpeg' } });
  });
});

function withoutAdobe(jpeg: Buffer): Buffer {
  const at = jpeg.indexOf(Buffer.from('ffee000e', 'hex'));
  return Buffer.concat([jpeg.subarray(0, at), jpeg.subarray(at + 16)]);
}

describe('a form', () => {
  const form = (...parts: (string | Buffer)[]) => Buffer.concat(parts.map((part) => Buffer.from(part)));
  const headers = { 'content-type': 'multipart/form-data; boundary="a b"' };
  const file = '--a b\r\nContent-Disposition: form-data; name="f"; filename="Süd \\"1\\".jpg"\r\n\r\n';

  test('with a file is that JPEG, its name the title, its fields what is asked for', async () => {
    const field = '--a b\r\ncontent-disposition: form-data; name=quality\r\n\r\noriginal\r\n';
    const answer = await post(form(field, file, PHOTO, '\r\n--a b--\r\n'), {}, headers);
    expect(answer).toMatchObject({ statusCode: 200 });
    const pdf = Buffer.from(String(answer.body), 'base64');
    expect(pdf.includes(PHOTO.subarray(-10_000))).toBe(true);
    const title = Buffer.from('\ufeffSüd "1"', 'utf16le').swap16().toString('hex').toUpperCase();
    expect(pdf.toString('latin1')).toContain(`/Title <${title}>`);
  });

  test.each([
    ['without a file', form('--a b\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\r\n--a b--'), 'empty-body'],
    ['with two files', form(file, PHOTO, '\r\n', file, PHOTO, '\r\n--a b--'), 'bad-parameter'],
    ['that is none', PHOTO, 'empty-body'],
  ])('%s is refused', async (_, body, code) => {
    expect(await post(body, {}, headers)).toMatchObject({ statusCode: 400, body: { code } });
  });
});

describe('the PDF', () => {
  const CHECKS = [
    ['qpdf', 'qpdf', ['--check']],
    ['Ghostscript', 'gs', ['-q', '-dNOPAUSE', '-dBATCH', '-sDEVICE=nullpage']],
    ['poppler', 'pdftoppm', ['-r', '36', '-png']],
  ] as const;
  const JPEGS = {
    RGB: SMALL,
    grey: jpegOf('-colorspace', 'Gray'),
    CMYK: jpegOf('-colorspace', 'CMYK'),
    turned: insert(SMALL, exif(5)),
    photograph: PHOTO,
  };

  test.for(CHECKS)('is accepted by %s', { timeout: 30_000 }, async ([reader, program, args], { skip }) => {
    if (spawnSync(program, ['--version']).error !== undefined)
      skip(`${reader} is not installed: there is no ${program}`);
    for (const [kind, jpeg] of Object.entries(JPEGS))
      for (const query of [{}, { quality: 'original' }, { page: 'a4', name: 'x', quality: '50' }]) {
        const pdf = await convert(jpeg, query);
        expect(await convert(jpeg, query), kind).toEqual(pdf);
        inFolder((folder) => {
          const at = path.join(folder, 'p.pdf');
          writeFileSync(at, pdf);
          const more = program === 'pdftoppm' ? [path.join(folder, 'p')] : [];
          const { status, stderr } = spawnSync(program, [...args, at, ...more]);
          expect([kind, status, stderr.toString()]).toEqual([kind, 0, '']);
        });
      }
  });
});
