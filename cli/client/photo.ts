/** What goes into a conversion, and what comes out. */
import type { ConversionOptions } from '../../contract/options';
import type { Way, WayBy, WayInput } from '../../contract/ways';
import type { Service } from './service';

/** A JPEG to convert. */
export interface Photo {
  readonly file: string;
  /** Its name in the in bucket, where it replaces what is there; undefined: a name that nothing has yet. */
  readonly object?: string;
  /** The name that its PDF has as a title; undefined where it is not known. */
  readonly name?: string;
  /** What is asked of its conversion; nothing when undefined. */
  readonly asked?: ConversionOptions;
}

/** What a way gives. */
export interface Converted {
  readonly pdf: Buffer;
  readonly via: Way;
  /** The activation behind it; undefined where it is not known. */
  readonly activation: string | undefined;
  /** Why it was encoded again although the original was asked for; undefined when it was not. */
  readonly reencoded: string | undefined;
}

/** The call of all ways of an input. The signal ends it. @throws Failure */
export type Call<I extends WayInput> = (
  way: WayBy<I>,
  service: Service,
  photo: Photo,
  signal: AbortSignal,
) => Promise<Converted>;
