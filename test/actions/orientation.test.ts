/** Every photograph is upright on its page, whatever its colours and wherever its resolution is said. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pages } from './jpegs';
import {
  differenceOf,
  exif,
  HEIGHT,
  insert,
  jfif,
  jpegOf,
  magick,
  noPoppler,
  PICTURE,
  type Pixels,
  readPixels,
  render,
  WIDTH,
} from './pictures';
import { PythonAction } from './python-action';

let v1: PythonAction;
beforeAll(async () => {
  v1 = await PythonAction.start('v1');
});
afterAll(() => v1.stop());

const COLOURS = {
  grey: () => jpegOf('-colorspace', 'Gray'),
  RGB: () => jpegOf('-sampling-factor', '2x2'),
  CMYK: () => jpegOf('-colorspace', 'CMYK'),
};
/** Dots per inch that are not the same both ways, so that they have to turn along. */
const DPI = [144, 288] as const;
const RESOLUTIONS = {
  JFIF: (jpeg: Buffer, turn: number) => insert(jpeg, jfif(...DPI), exif(turn)),
  Exif: (jpeg: Buffer, turn: number) => insert(jpeg, exif(turn, DPI)),
  none: (jpeg: Buffer, turn: number) => insert(jpeg, exif(turn)),
};

/** What an orientation asks for (Exif 2.32, tag 0112), in ImageMagick's words. */
const TURNS = [
  ...[[], ['-flop'], ['-rotate', '180'], ['-flip']],
  ...[['-transpose'], ['-rotate', '90'], ['-transverse'], ['-rotate', '270']],
];
const turned = (ppm: Buffer, turn: number): Pixels =>
  readPixels(magick(['ppm', ppm], 'ppm', ...(TURNS[turn - 1] ?? []), '-depth', '8'));

const convert = async (jpeg: Buffer, quality = ''): Promise<Buffer> => {
  const answer = await v1.run({ __ow_body: jpeg.toString('base64'), ...(quality && { quality }) });
  return Buffer.from(String(answer.body), 'base64');
};

describe.each(Object.entries(COLOURS))('a photograph in %s', (colours, make) => {
  const plain = make();
  /** The picture as it is in the file. Of CMYK every program makes other RGB: there it is poppler's own, near to ImageMagick's. */
  let base = magick(['jpeg', plain], 'ppm', '-colorspace', 'sRGB', '-depth', '8');

  beforeAll(async () => {
    if (colours !== 'CMYK' || noPoppler !== undefined) return;
    const shown = render(await convert(plain, 'original'), WIDTH, HEIGHT);
    expect(differenceOf(shown, readPixels(base))).toBeLessThan(40);
    base = Buffer.concat([Buffer.from(`P6\n${WIDTH} ${HEIGHT}\n255\n`), shown.bytes]);
  });

  describe.each(Object.entries(RESOLUTIONS))('with a resolution by %s', (by, mark) => {
    test.each([1, 2, 3, 4, 5, 6, 7, 8])('of orientation %i is upright in every quality', async (turn) => {
      const expected = turned(base, turn);
      for (const quality of ['', '80', 'original']) {
        const pdf = await convert(mark(plain, turn), quality);
        const across = by === 'none' ? WIDTH : (WIDTH * 72) / DPI[0];
        const down = by === 'none' ? HEIGHT : (HEIGHT * 72) / DPI[1];
        const [width, height] = turn >= 5 ? [down, across] : [across, down];
        expect(pages(pdf), quality).toEqual({ count: 1, width, height });
        if (noPoppler !== undefined) continue;
        expect(differenceOf(render(pdf, expected.width, expected.height), expected), quality).toBeLessThan(8);
      }
    });
  });
});

test('a picture that lies another way, or whose CMYK is taken the wrong way round, would be noticed', ({ skip }) => {
  if (noPoppler !== undefined) skip(noPoppler);
  const [one, other] = [1, 2].map((turn) => turned(PICTURE, turn));
  expect(one && other && differenceOf(one, other)).toBeGreaterThan(40);
  const negative = readPixels(magick(['ppm', PICTURE], 'ppm', '-negate', '-depth', '8'));
  expect(differenceOf(readPixels(PICTURE), negative)).toBeGreaterThan(80);
});
