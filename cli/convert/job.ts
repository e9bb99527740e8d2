/** What a conversion is to do, and what came of it. */

/** The ways of the lab: by parameter, by request, by name in a bucket, by event. */
export const WAYS = ['v0', 'v1', 'v2', 'v3'] as const;
export type Way = (typeof WAYS)[number];

/** One file to convert. */
export interface Job {
  /** As it was given. */
  readonly file: string;
  /** Where the PDF goes. */
  readonly target: string;
}

/** What a way gives. */
export interface Converted {
  readonly pdf: Buffer;
  readonly via: Way;
  /** The activation behind it, as far as it is told. */
  readonly activation: string | undefined;
}

/** What became of a file; as it is in --json. */
export interface Outcome {
  readonly file: string;
  /** The file written; undefined for a failure. */
  readonly pdf?: string;
  readonly via?: Way;
  readonly activation?: string;
  /** From reading the JPEG to the PDF on the disk. */
  readonly milliseconds: number;
  readonly error?: string;
  readonly hint?: string;
  readonly code?: string;
}
