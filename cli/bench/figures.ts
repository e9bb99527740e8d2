/** What the bench writes: the form of its JSON, and the collecting of figures while a measurement runs. */
import { z } from 'zod';
import { computeQuantile } from './measure';

const UNITS = ['ms', '/s', 's', 'MB', 'processes', 'times'] as const;
/** Milliseconds; runs a second; seconds of processor time or of the clock; 10^6 bytes; a count of processes; a ratio. */
export type Unit = (typeof UNITS)[number];

const measured = z.strictObject({
  /** Whose figure it is, such as `PDFMagic` or `convert`. */
  who: z.string().min(1),
  runs: z.int().positive(),
  median: z.number(),
  /** First and third quartile: half of all runs are between them. */
  low: z.number(),
  high: z.number(),
});
const skipped = z.strictObject({ who: z.string().min(1), skipped: z.string().min(1) });

const row = z.strictObject({
  what: z.string().min(1),
  /** How many at a time, or how many there are; absent where there is nothing to vary. */
  at: z.number().optional(),
  unit: z.enum(UNITS),
  /** All measured in turns, in one run. */
  sides: z.array(z.union([measured, skipped])).min(1),
});

const origin = z.strictObject({
  date: z.iso.datetime(),
  /** Of the project; `changed` when files differ from it; undefined without git. */
  commit: z.string().optional(),
  changed: z.boolean().optional(),
  machine: z.strictObject({
    cores: z.int().positive(),
    processor: z.string(),
    /** 10^9 bytes. */
    memory: z.number(),
    system: z.string(),
    /** Average of runnable processes over the minute before: above 0.5, the machine was not quiet. */
    load: z.number(),
  }),
  versions: z.record(z.string(), z.string()),
  pace: z.string(),
});
/** Where figures come from. */
export type Origin = z.infer<typeof origin>;

const outcome = z.strictObject({
  name: z.string(),
  what: z.string(),
  reference: z.string(),
  origin,
  /** Absent when all was measured; otherwise why not, in words. */
  stopped: z.string().optional(),
  rows: z.array(row),
});

/** The whole file. */
export const report = z.strictObject({ version: z.literal(1), measurements: z.array(outcome) });

export type Measured = z.infer<typeof measured>;
export type Row = z.infer<typeof row>;
export type Outcome = z.infer<typeof outcome>;
export type Report = z.infer<typeof report>;

/** What a figure is of. */
export interface Place {
  readonly what: string;
  readonly at?: number;
  readonly unit: Unit;
}

/** Collects the figures of one measurement; rows and sides stay in the order in which they came. */
export class Figures {
  private readonly kept = new Map<string, { place: Place; sides: Map<string, number[] | string> }>();

  /** Adds figures of one side. */
  add(place: Place, who: string, ...values: readonly number[]): void {
    const before = this.sidesOf(place).get(who);
    this.sidesOf(place).set(who, [...(typeof before === 'object' ? before : []), ...values]);
  }

  /** Says why a side has none. */
  skip(place: Place, who: string, why: string): void {
    this.sidesOf(place).set(who, why);
  }

  /** What is there so far. */
  rows(): Row[] {
    return [...this.kept.values()].map(({ place, sides }) => ({
      ...place,
      sides: [...sides].map(([who, found]) =>
        typeof found === 'string' ? { who, skipped: found } : { who, ...summarize(found) },
      ),
    }));
  }

  private sidesOf(place: Place): Map<string, number[] | string> {
    const key = `${place.what}\n${place.at}\n${place.unit}`;
    const found = this.kept.get(key) ?? { place, sides: new Map() };
    this.kept.set(key, found);
    return found.sides;
  }
}

function summarize(values: readonly number[]) {
  const at = (share: number): number => Number(computeQuantile(values, share).toPrecision(4));
  return { runs: values.length, median: at(0.5), low: at(0.25), high: at(0.75) };
}

/** The figure of one side, as it was measured; undefined where it was not. */
export function findFigure(rows: readonly Row[], who: string, what: string, at?: number): Measured | undefined {
  const side = rows.find((row) => row.what === what && row.at === at)?.sides.find((each) => each.who === who);
  return side !== undefined && 'median' in side ? side : undefined;
}
