/** A conversion under way, seen by whoever asked for it. */

import type { Asked } from './settings';

/** What is being done. */
export type Stage =
  | { readonly doing: 'sending'; readonly part: number }
  | { readonly doing: 'converting' }
  | { readonly doing: 'fetching' };

/** A conversion as whoever asked for it sees it. */
export interface Task {
  /** Told whenever the stage changes. */
  readonly progress: (stage: Stage) => void;
  /** What the PDF is to be like. */
  readonly asked: Asked;
  /** Aborted when it is not wanted any more. */
  readonly signal: AbortSignal;
}
