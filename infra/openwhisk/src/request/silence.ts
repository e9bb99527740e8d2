import type { Failure } from './failure';

/**
 * Where a whole series of tries was refused: what was said of it. All resources of a run share one provider process, which
 * ends with it.
 */
const refused = new Set<string>();

/** Notes how a series of tries has ended. */
export function noteSilence(failure: Failure): void {
  if (failure.kind === 'refused') refused.add(failure.text);
}

/** True when nothing answers where nothing answered before: then one try is enough, and few words. */
export function isKnownSilence(failure: Failure): boolean {
  return failure.kind === 'refused' && refused.has(failure.text);
}
