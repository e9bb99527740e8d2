/** Photographs as people take them: of each kind one that other services turn, blow up, refuse or tell on. */
import { exif, insert, jfif, jpegOf, magick, PICTURE, segment } from '../actions/pictures';
import { PHOTO } from '../actions/python-action';
import { asRgb, icc, profile, withThreeTables } from '../actions/variants';

const large = (size: string, ...args: string[]) =>
  magick(['ppm', PICTURE], 'jpeg', '-scale', `${size}!`, '-quality', '50', ...args);
const half = (...args: string[]) => magick(['jpeg', PHOTO], 'jpeg', '-resize', '50%', ...args);

const PRIVATE = [
  segment(0xe1, Buffer.from('http://ns.adobe.com/xap/1.0/\0PRIVATE xmp')),
  segment(0xed, Buffer.from('Photoshop 3.0\0PRIVATE iptc')),
  segment(0xfe, Buffer.from('PRIVATE comment')),
];

/** They all become PDFs. By a name for people. */
export const PHOTOGRAPHS: Readonly<Record<string, Buffer>> = {
  'held upright and mirrored': insert(jpegOf(), exif(5)),
  '30 million pixels, held upright': insert(large('6720x4480'), exif(6)),
  '48 million pixels in black and white': large('8064x6048', '-colorspace', 'Gray', '-type', 'TrueColor'),
  'with place, serial number and comment': insert(jpegOf(), exif(1), ...PRIVATE),
  'with nothing but a picture': jpegOf(),
  'with three quantization tables': withThreeTables(half('-quality', '90', '-sampling-factor', '2x2')),
  'of 1 dpi by Exif': insert(jpegOf(), exif(1, [1, 1])),
  'of 2 dpi by JFIF': insert(jpegOf(), jfif(2, 2)),
  'of a phone, 12 million pixels of 72 dpi': insert(large('4032x3024'), exif(6, [72, 72])),
  'without its end marker': PHOTO.subarray(0, -2),
  'with a colour profile in pieces': insert(
    jpegOf(),
    icc(profile('RGB ', 120_000).subarray(0, 60_000), 1, 2),
    icc(profile('RGB ', 120_000).subarray(60_000), 2, 2),
  ),
  'in RGB': asRgb(half('-quality', '85', '-sampling-factor', '1x1')),
};
