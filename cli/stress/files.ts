/** The files of the stress test: JPEGs of mixed sizes, each one of a kind, and files that are none. */
import { execFileSync } from 'node:child_process';

/** A file to upload, and what has to become of it. */
export interface StressFile {
  readonly name: string;
  readonly bytes: Buffer;
  /** Pixels of a good one; undefined for a broken one, which has to be refused. */
  readonly size: { readonly width: number; readonly height: number } | undefined;
}

/** From a thumbnail to 12 megapixels; the small ones are the more frequent. */
const SIZES = [
  [160, 120],
  [640, 480],
  [1024, 768],
  [320, 240],
  [1600, 1200],
  [800, 600],
  [2048, 1536],
  [480, 360],
  [4000, 3000],
  [1280, 960],
] as const;

/** @param prefix of all names */
export function makeFiles(prefix: string, photos: number, broken: number): StressFile[] {
  const kinds = SIZES.slice(0, photos).map(([width, height]) => ({ width, height, jpeg: picture(width, height) }));
  const good = Array.from({ length: photos }, (_, index) => {
    const { width, height, jpeg } = kinds[index % kinds.length] ?? { width: 0, height: 0, jpeg: Buffer.alloc(0) };
    return {
      name: `${prefix}/photo-${index}.jpg`,
      bytes: withComment(jpeg, `${prefix} ${index}`),
      size: { width, height },
    };
  });
  const jpeg = picture(320, 240);
  const wrong = [
    Buffer.alloc(0),
    Buffer.from('This is no photograph.\n'),
    jpeg.subarray(0, jpeg.length >> 1),
    Buffer.from('89504e470d0a1a0a', 'hex'),
  ];
  const bad = Array.from({ length: broken }, (_, index) => ({
    name: `${prefix}/broken-${index}.jpg`,
    bytes: wrong[index % wrong.length] ?? Buffer.alloc(0),
    size: undefined,
  }));
  return shuffled([...good, ...bad]);
}

/** Pictures so far, by their size: the large ones take seconds to make. */
const pictures = new Map<string, Buffer>();

function picture(width: number, height: number): Buffer {
  const size = `${width}x${height}`;
  const plasma = ['-size', size, 'plasma:tomato-steelblue', '-quality', '80', 'jpeg:-'];
  const jpeg = pictures.get(size) ?? execFileSync('/usr/bin/convert', plasma, { maxBuffer: 64 << 20 });
  pictures.set(size, jpeg);
  return jpeg;
}

/** Makes it one of a kind by a comment segment (ITU-T T.81, B.2.4.5) after the start marker. */
function withComment(jpeg: Buffer, text: string): Buffer {
  const comment = Buffer.from(text);
  const head = Buffer.from([0xff, 0xfe, 0, 0]);
  head.writeUInt16BE(comment.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, comment, jpeg.subarray(2)]);
}

/** In the same order in each run. */
function shuffled<T>(items: readonly T[]): T[] {
  let state = 1;
  return items
    .map((item) => {
      state = (state * 48_271) % 2_147_483_647;
      return { item, key: state };
    })
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
