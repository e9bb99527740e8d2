/** What a conversion is to do, and what came of it. */
import type { Way } from '../../contract/ways';

/** One file to convert. */
export interface Job {
  /** As it was given. */
  readonly file: string;
  /** Where the PDF goes. */
  readonly target: string;
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
