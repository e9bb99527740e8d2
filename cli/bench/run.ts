/** One run of the bench: measurement after measurement; what was measured is kept, whatever happens next. */
import { messageOf } from '../../ground/errors';
import { Figures, type Outcome, type Report } from './figures';
import type { Laboratory } from './laboratory';
import type { Measurement } from './measurement';
import { readOrigin } from './origin';

/** What an outcome says of a run that somebody ended. */
export const ENDED = 'ended before all was measured';

/**
 * Measures. An error ends one measurement, not the others; the signal ends them all.
 * @param keep takes each outcome as soon as it is there, also of one that was ended
 */
export async function runAll(
  chosen: readonly Measurement[],
  laboratory: Laboratory,
  keep: (outcome: Outcome) => void,
): Promise<Outcome[]> {
  const { pace, signal, progress } = laboratory.setup;
  const outcomes: Outcome[] = [];
  for (const measurement of chosen) {
    if (signal.aborted) break;
    const { name, what, reference } = measurement;
    const figures = new Figures();
    const origin = readOrigin(pace.name);
    let stopped: string | undefined;
    try {
      await measurement.run(laboratory, figures);
    } catch (error) {
      stopped = signal.aborted ? ENDED : messageOf(error);
      progress(`${name}: ${stopped}`);
    }
    const outcome = { name, what, reference, origin, ...(stopped !== undefined && { stopped }), rows: figures.rows() };
    outcomes.push(outcome);
    keep(outcome);
  }
  return outcomes;
}

/** Puts an outcome into a report, in place of the one of that name; one that was stopped replaces only one that was, too. */
export function mergeOutcome(into: Report, outcome: Outcome, order: readonly string[]): Report {
  const before = into.measurements.find(({ name }) => name === outcome.name);
  if (outcome.stopped !== undefined && before !== undefined && before.stopped === undefined) return into;
  const others = into.measurements.filter(({ name }) => name !== outcome.name);
  const measurements = [...others, outcome].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  return { ...into, measurements };
}
