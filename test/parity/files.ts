/** JPEGs of many kinds, and what is none of bearable kind. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { claimingSize, oriented, TRUNCATED, TRUNCATED_BUT_CLOSED, withFrame } from '../actions/jpegs';
import { PHOTO } from '../actions/python-action';

/** A JPEG that ImageMagick makes of the photograph, or of nothing, by these arguments. */
function made(...args: string[]): Buffer {
  const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-parity-'));
  try {
    const file = path.join(folder, 'made.jpg');
    execFileSync('/usr/bin/convert', [...args, file], { stdio: ['ignore', 'ignore', 'pipe'] });
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const photo = path.resolve(__dirname, '../../examples/photo.jpg');

/** Files that become a PDF on either platform, by a name for people. */
export const GOOD: Readonly<Record<string, Buffer>> = {
  'the photograph': PHOTO,
  'a progressive JPEG': made(photo, '-interlace', 'JPEG'),
  'a grey JPEG': made(photo, '-colorspace', 'Gray'),
  'a CMYK JPEG': made(photo, '-colorspace', 'CMYK'),
  'a JPEG with 4:4:4 sampling and quality 97': made(
    photo,
    '-resize',
    '50%',
    '-sampling-factor',
    '4:4:4',
    '-quality',
    '97',
  ),
  'a JPEG that its camera held upright': oriented(6),
  'a JPEG that was held upright and mirrored': oriented(5),
  'a JPEG with a film behind it': Buffer.concat([PHOTO, Buffer.alloc(5000, 0x42)]),
  'a JPEG without its end marker': PHOTO.subarray(0, -2),
  'a JPEG of one pixel': made('-size', '1x1', 'xc:red'),
};

/** Files that are refused on either platform. */
export const BAD: Readonly<Record<string, Buffer>> = {
  'a PNG': Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
  text: Buffer.from('this is no picture'),
  'a JPEG cut in half': TRUNCATED,
  'a JPEG cut in half and closed': TRUNCATED_BUT_CLOSED,
  'a JPEG that claims 60 million pixels': claimingSize(10_000, 6_000),
  'a JPEG that claims a side of 65501': claimingSize(65_501, 10),
  'a lossless JPEG': withFrame(0xc3),
  'three bytes of a JPEG': PHOTO.subarray(0, 3),
};

/** Below 1 MiB itself, but its PDF does not fit into a result of OpenWhisk. */
export const TOO_LARGE_A_PDF = made('-seed', '7', '-size', '900x700', 'xc:gray', '+noise', 'Random', '-quality', '90');
