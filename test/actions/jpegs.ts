/** JPEGs that are wrong in one way each, made from the photograph byte by byte (markers: ITU-T T.81, annex B). */
import { PHOTO } from './python-action';

/** Bytes of the photograph up to the middle of its image data. */
export const TRUNCATED = PHOTO.subarray(0, PHOTO.length >> 1);

/** Truncated, and closed with an end marker: only a decoder notices. */
export const TRUNCATED_BUT_CLOSED = Buffer.concat([TRUNCATED, Buffer.from([0xff, 0xd9])]);

/** The photograph with another size in its frame header; the image data stay as they are. */
export function claimingSize(width: number, height: number): Buffer {
  const jpeg = Buffer.from(PHOTO);
  const frame = frameHeader(jpeg);
  jpeg.writeUInt16BE(height, frame + 5);
  jpeg.writeUInt16BE(width, frame + 7);
  return jpeg;
}

/** The photograph with another kind of frame (`0xc3` is lossless). */
export function withFrame(marker: number): Buffer {
  const jpeg = Buffer.from(PHOTO);
  jpeg[frameHeader(jpeg) + 1] = marker;
  return jpeg;
}

/** The photograph, to be shown turned as the EXIF orientation says (6: a quarter to the right). */
export function oriented(orientation: number): Buffer {
  const tiff = Buffer.from('4d4d002a00000008000101120003000000010000000000000000', 'hex');
  tiff.writeUInt16BE(orientation, 18);
  const payload = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
  const header = Buffer.from([0xff, 0xe1, 0, payload.length + 2]);
  return Buffer.concat([PHOTO.subarray(0, 2), header, payload, PHOTO.subarray(2)]);
}

/** The photograph with `bytes` inserted after the start marker. */
export function withSegment(bytes: Buffer): Buffer {
  return Buffer.concat([PHOTO.subarray(0, 2), bytes, PHOTO.subarray(2)]);
}

/** Where the frame header (SOF0) is: after the segments before it. */
function frameHeader(jpeg: Buffer): number {
  let position = 2;
  while (jpeg[position + 1] !== 0xc0) position += 2 + jpeg.readUInt16BE(position + 2);
  return position;
}

/** Width and height of the page of a PDF, in points, and how many pages it has. */
export function pages(pdf: Buffer): { count: number; width: number; height: number } {
  const text = pdf.toString('latin1');
  const [, width, height] = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(text) ?? [];
  return { count: text.split('/Type /Page\n').length - 1, width: Number(width), height: Number(height) };
}
