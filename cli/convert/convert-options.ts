/** What `convert` was asked for, beside the files. */
import type { ON_ERROR } from '../../contract/options';
import type { Manner } from './convert-file';

/** How files are converted, and what is said meanwhile. */
export interface ConvertOptions extends Manner {
  /** Folder of the PDFs; undefined: each beside its JPEG. */
  readonly output: string | undefined;
  /** The one PDF of all files; undefined: one of each. */
  readonly into: string | undefined;
  /** What becomes of it when a file is bad. */
  readonly onError: (typeof ON_ERROR)[number];
  /** Folders stand for the JPEGs in them. */
  readonly recursive: boolean;
  /** Files at a time. */
  readonly parallel: number;
  readonly json: boolean;
  /** Only failures are told. */
  readonly quiet: boolean;
  readonly insecure: boolean;
}
