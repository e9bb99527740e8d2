/** JPEGs with tables, colours and profiles that encoders of other makers write. */
import { insert, segment } from './pictures';

/** The quantization tables of a JPEG by libjpeg, and where they are. */
export const tablesOf = (jpeg: Buffer) =>
  [...jpeg.toString('latin1').matchAll(/\xff\xdb\0\x43/g)].map(({ index }) => index);

/** As Nikon's cameras write: a third table for Cr. */
export function withThreeTables(jpeg: Buffer): Buffer {
  const second = tablesOf(jpeg)[1] ?? 0;
  const third = Buffer.from(jpeg.subarray(second, second + 69));
  third[4] = 2;
  const changed = Buffer.from(jpeg);
  const frame = changed.indexOf(Buffer.from('ffc00011', 'hex'));
  changed[frame + 18] = 2;
  return Buffer.concat([changed.subarray(0, second), third, changed.subarray(second)]);
}

/** A JPEG whose YCbCr is taken for RGB: only a marker is another one. */
export const asRgb = (jpeg: Buffer) => {
  const bare = Buffer.concat([jpeg.subarray(0, 2), jpeg.subarray(20)]);
  return insert(bare, segment(0xee, Buffer.from('41646f6265006400000000'.padEnd(24, '0'), 'hex')));
};

/** A profile that says it is one of `space`. */
export function profile(space: string, size = 400): Buffer {
  const bytes = Buffer.alloc(size, 7);
  bytes.writeUInt32BE(size, 0);
  bytes[8] = 4;
  bytes.write(`mntr${space}XYZ `, 12, 'latin1');
  bytes.write('acsp', 36, 'latin1');
  return bytes;
}
/** A segment with a piece of a colour profile. */
export const icc = (bytes: Buffer, number = 1, count = 1) =>
  segment(0xe2, Buffer.concat([Buffer.from('ICC_PROFILE\0', 'latin1'), Buffer.from([number, count]), bytes]));
