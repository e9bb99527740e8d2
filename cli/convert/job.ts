/** What a conversion is to do, and what came of it. */
import type { Way } from '../../contract/ways';
import type { Failure } from '../failure';

/** How stdin and stdout are named, as a file. */
export const STREAM = '-';

/** The options that choose where PDFs go, as hints name them: for a PDF of each file, and for one PDF of all. */
export const PLACE = { each: '-o FOLDER', all: '--into FILE.pdf' } as const;
/** One of them. */
export type PlaceOption = (typeof PLACE)[keyof typeof PLACE];

/** One file to convert. */
export interface Job {
  /** As it was given. */
  readonly file: string;
  /** Where the PDF goes. */
  readonly target: string;
  /** The file that holds what was read from stdin. */
  readonly copy?: string;
  /** Why nothing can be made of it. */
  readonly failure?: Failure;
}

/** What became of a file; as it is in --json. */
export interface Outcome {
  readonly file: string;
  /** The file written; undefined for a failure. */
  readonly pdf?: string;
  /** The PDF was there already, and is what was asked for. */
  readonly skipped?: true;
  readonly via?: Way;
  readonly activation?: string;
  /** Why it was encoded again although the original was asked for. */
  readonly reencoded?: string;
  /** From reading the JPEG to the PDF on the disk. */
  readonly milliseconds: number;
  readonly error?: string;
  readonly hint?: string;
  readonly code?: string;
}
