/** What goes into a conversion, and what comes out. */
import type { Way } from '../../contract/ways';

/** A JPEG to convert. */
export interface Photo {
  readonly file: string;
  /** Its name in the in bucket, where it replaces what is there; undefined: a name that nothing has yet. */
  readonly object?: string;
}

/** What a way gives. */
export interface Converted {
  readonly pdf: Buffer;
  readonly via: Way;
  /** The activation behind it; undefined where it is not known. */
  readonly activation: string | undefined;
}
