/** What a measurement is: the one interface that the list in `measurements/all.ts` goes by. */
import type { OpenWhiskApi } from './client';
import type { Figures } from './figures';
import type { Laboratory } from './laboratory';

/** Something that can be measured by itself: `--only NAME`. */
export interface Measurement {
  readonly name: string;
  /** What is measured, in a sentence. */
  readonly what: string;
  /** What it is measured beside, in turns; in a sentence. */
  readonly reference: string;
  /** Left out unless it is named, since it takes long. */
  readonly onlyByName?: boolean;
  /** Measures. What it adds is kept also when it fails or is ended. */
  run(laboratory: Laboratory, figures: Figures): Promise<void>;
}

/** The side that is this project's, in all rows. */
export const OURS = 'PDFMagic';
/** The side that `--against` names. */
export const OTHER = 'other OpenWhisk';

/** The OpenWhisk of each side: of the bench's own platform, and of `--against`. */
export async function listApis(
  laboratory: Laboratory,
): Promise<{ readonly who: string; readonly api: OpenWhiskApi }[]> {
  const ours = { who: OURS, api: (await laboratory.deployed()).api };
  const { other } = laboratory.setup;
  return other === undefined ? [ours] : [ours, { who: OTHER, api: other.api }];
}
