/**
 * What a caller may ask of a conversion, the same in every way. `actions/pdfmagic/options.py` reads it, and `actions/README.md`
 * says what each does; a test holds the three together.
 */

/** In place of a quality of 1 to 100: the JPEG's own image data, not encoded again. */
export const ORIGINAL = 'original';
/** `quality` is {@link ORIGINAL} or a whole number in this range. Without it, ImageMagick encodes in the quality that the JPEG has. */
export const QUALITY = { least: 1, most: 100 } as const;
/** `page` is one of these, or `WIDTHxHEIGHTmm` such as `100x150mm`. `picture`: as large as the picture says. */
export const PAGES = ['picture', 'a4', 'letter'] as const;
/** Points of a page's sides. */
export const PAGE_POINTS = { least: 3, most: 14_400 } as const;
/** `margin`: millimetres on all four sides; 0 unless given. */
export const MARGIN = { least: 0, most: 100 } as const;
/** `onError`, when one of several photographs is refused: no PDF at all, or one of the others, which names it in `leftOut`. */
export const ON_ERROR = ['refuse', 'leave-out'] as const;
/** Photographs that `names` may list. */
export const ALBUM_PHOTOGRAPHS = 1000;
/** Custom metadata of a photograph that is for an album: its arrival makes no PDF of its own. */
export const PART = { key: 'part', value: 'true' } as const;
/** Header of an answer of v1, and field of all others: why a photograph was encoded again although `original` was asked for. */
export const REENCODED = { header: 'PDFMagic-Reencoded', field: 'reencoded' } as const;

/** The parameters by name, as a request, an invocation or an object's metadata has them. */
export interface ConversionOptions {
  readonly quality?: typeof ORIGINAL | number;
  readonly page?: (typeof PAGES)[number] | `${number}x${number}mm`;
  readonly margin?: number;
}
