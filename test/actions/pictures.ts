/** JPEGs of a known picture in every form, and what a page shows, as pixels. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const CONVERT = '/usr/bin/convert';

/** Width and height of the picture: no symmetry, and each colour a whole number of the coder's blocks. */
export const WIDTH = 48;
export const HEIGHT = 32;

/** Why pages cannot be rendered here; undefined where they can. */
export const noPoppler =
  spawnSync('pdftoppm', ['-v']).error === undefined ? undefined : 'pdftoppm (poppler-utils) is not installed';

/** Pixels, three bytes each. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly bytes: Buffer;
}

/** Runs `use` in a folder of its own. */
export function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-pictures-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What ImageMagick makes of `input` (a format and bytes) by these arguments. */
export function magick(input: readonly [format: string, bytes: Buffer], format: string, ...args: string[]): Buffer {
  return inFolder((folder) => {
    const [from, to] = [path.join(folder, 'in'), path.join(folder, 'out')];
    writeFileSync(from, input[1]);
    execFileSync(CONVERT, [`${input[0]}:${from}`, ...args, `${format}:${to}`], { stdio: ['ignore', 'ignore', 'pipe'] });
    return readFileSync(to);
  });
}

/** Four quarters: red, blue, green, yellow; as PPM. */
export const PICTURE = (() => {
  const colours = [
    [230, 30, 30],
    [30, 30, 230],
    [30, 160, 30],
    [240, 230, 60],
  ] as const;
  const bytes = Buffer.alloc(3 * WIDTH * HEIGHT);
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++) {
      const colour = colours[(y < HEIGHT / 2 ? 0 : 2) + (x < WIDTH / 2 ? 0 : 1)] ?? colours[0];
      for (const [index, value] of colour.entries()) bytes[3 * (y * WIDTH + x) + index] = value;
    }
  return Buffer.concat([Buffer.from(`P6\n${WIDTH} ${HEIGHT}\n255\n`), bytes]);
})();

/** The picture as a JPEG without any metadata, by these arguments of ImageMagick. */
export const jpegOf = (...args: string[]): Buffer =>
  withoutMarks(magick(['ppm', PICTURE], 'jpeg', '-quality', '92', ...args));

/** A JPEG without the segments JFIF and Exif. */
function withoutMarks(jpeg: Buffer): Buffer {
  const kept = [jpeg.subarray(0, 2)];
  let position = 2;
  while (jpeg[position + 1] !== 0xda) {
    const end = position + 2 + jpeg.readUInt16BE(position + 2);
    const marker = jpeg[position + 1] ?? 0;
    if (marker !== 0xe0 && marker !== 0xe1) kept.push(jpeg.subarray(position, end));
    position = end;
  }
  return Buffer.concat([...kept, jpeg.subarray(position)]);
}

/** A segment with this content. */
export function segment(marker: number, content: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([head, content]);
}

/** A JPEG with these segments behind its start. */
export const insert = (jpeg: Buffer, ...segments: Buffer[]): Buffer =>
  Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]);

/** A JFIF segment that says so many dots per inch. */
export function jfif(across: number, down: number, unit = 1): Buffer {
  const content = Buffer.from('4a46494600010200000000000000', 'hex');
  content[7] = unit;
  content.writeUInt16BE(across, 8);
  content.writeUInt16BE(down, 10);
  return segment(0xe0, content);
}

/** An Exif segment with an orientation, and dots per inch if given. */
export function exif(orientation: number, dpi?: readonly [number, number]): Buffer {
  const entry = (tag: number, kind: number, value: number) => {
    const bytes = Buffer.alloc(12);
    bytes.writeUInt16BE(tag, 0);
    bytes.writeUInt16BE(kind, 2);
    bytes.writeUInt32BE(1, 4);
    if (kind === 3) bytes.writeUInt16BE(value, 8);
    else bytes.writeUInt32BE(value, 8);
    return bytes;
  };
  const entries = [entry(0x0112, 3, orientation)];
  const end = 10 + 12 * (dpi ? 4 : 1) + 4;
  if (dpi) entries.push(entry(0x011a, 5, end), entry(0x011b, 5, end + 8), entry(0x0128, 3, 2));
  const count = Buffer.from([0, entries.length]);
  const rationals = Buffer.alloc(dpi ? 16 : 0);
  if (dpi) for (const [index, value] of [dpi[0], 1, dpi[1], 1].entries()) rationals.writeUInt32BE(value, 4 * index);
  const tiff = [Buffer.from('4d4d002a00000008', 'hex'), count, ...entries, Buffer.alloc(4), rationals];
  return segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), ...tiff]));
}

/** The first page as poppler shows it, in so many pixels. */
export function render(pdf: Buffer, width: number, height: number): Pixels {
  return inFolder((folder) => {
    const file = path.join(folder, 'in.pdf');
    writeFileSync(file, pdf);
    const size = ['-scale-to-x', String(width), '-scale-to-y', String(height)];
    execFileSync('pdftoppm', [...size, '-singlefile', file, path.join(folder, 'page')], { stdio: 'pipe' });
    return readPixels(readFileSync(path.join(folder, 'page.ppm')));
  });
}

/** Reads a PPM. */
export function readPixels(ppm: Buffer): Pixels {
  const [head, width, height] = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(ppm.subarray(0, 40).toString('latin1')) ?? [''];
  return { width: Number(width), height: Number(height), bytes: ppm.subarray(head.length) };
}

/** The mean difference of two pictures, 0 to 255; infinite when their sizes differ. */
export function differenceOf(one: Pixels, other: Pixels): number {
  if (one.width !== other.width || one.height !== other.height) return Number.POSITIVE_INFINITY;
  let sum = 0;
  for (const [index, byte] of one.bytes.entries()) sum += Math.abs(byte - (other.bytes[index] ?? 0));
  return sum / one.bytes.length;
}
