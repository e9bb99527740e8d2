/**
 * Activation records, within bounds of age and number. Their summaries are held in memory, in order of time, so lists and
 * the choice of what is too old touch no record.
 */
import { parseJson, writeJson } from '../../../ground/exact-json';
import type { JsonObject } from '../../../ground/json';
import { type ActivationRecord, filterName, viewSummary } from '../activation/record';
import type { Environment, Table } from './environment';

/** How long and how many records are kept. */
export interface Retention {
  readonly maxAgeMs: number;
  readonly maxCount: number;
  /** Characters of all records together. */
  readonly maxSize: number;
  /** Until this age nothing but `maxAgeMs` removes a record: whoever got an id finds what became of it. */
  readonly minAgeMs: number;
}

/** Which records a list is about; times in milliseconds, both inclusive. */
export interface ActivationFilter {
  /** `a` or `pkg/a`. */
  readonly name?: string;
  readonly since?: number;
  readonly upto?: number;
}

/** `limit` elements after `skip`, newest first. */
export interface ActivationQuery extends ActivationFilter {
  readonly limit: number;
  readonly skip: number;
}

/** What memory holds of a record. */
interface Summary {
  readonly id: string;
  readonly start: number;
  readonly name: string;
  readonly view: JsonObject;
  /** Characters of the record; those of earlier versions do not tell. */
  readonly size?: number;
}

interface Entry extends Summary {
  /** Grows with every record: orders two that began in one millisecond. */
  readonly sequence: number;
}

/** A record ready to be written. */
export interface PreparedRecord {
  readonly entry: Entry;
  readonly record: string;
  readonly summary: string;
}

function isEarlier(a: Entry, b: Entry): boolean {
  return a.start < b.start || (a.start === b.start && a.sequence < b.sequence);
}

/** The table of activation records, by activation id. */
export class ActivationStore {
  private readonly records: Table<string>;
  private readonly summaries: Table<number>;
  /** Oldest first. */
  private readonly entries: Entry[] = [];
  private lastSequence = 0;
  /** Characters of all entries. */
  private total = 0;

  constructor(
    environment: Environment,
    private readonly retention: Retention,
  ) {
    this.records = environment.table('activations');
    this.summaries = environment.table('activation-summaries');
    for (const { key, value } of this.summaries.getRange()) {
      this.insert({ ...(parseJson(value) as unknown as Summary), sequence: key });
      this.lastSequence = Math.max(this.lastSequence, key);
    }
  }

  private insert(entry: Entry): void {
    this.total += entry.size ?? 0;
    let at = this.entries.length;
    for (let before = this.entries[at - 1]; before && isEarlier(entry, before); before = this.entries[at - 1]) at -= 1;
    this.entries.splice(at, 0, entry);
  }

  /** How many records there are. */
  get size(): number {
    return this.entries.length;
  }

  /** Makes a record ready to be written. */
  prepare(record: ActivationRecord): PreparedRecord {
    this.lastSequence += 1;
    const { activationId: id, start } = record;
    const text = writeJson(record);
    const summary: Summary = {
      ...{ id, start, name: filterName(record), view: viewSummary(record) },
      size: text.length,
    };
    return {
      entry: { ...summary, sequence: this.lastSequence },
      record: text,
      summary: writeJson(summary),
    };
  }

  /** Writes records; to be called within a commit, and followed by `settle` once that is done. */
  put(prepared: readonly PreparedRecord[]): void {
    for (const { entry, record, summary } of prepared) {
      this.records.put(entry.id, record);
      this.summaries.put(entry.sequence, summary);
    }
  }

  /** Shows written records in lists. */
  settle(prepared: readonly PreparedRecord[]): void {
    for (const { entry } of prepared) this.insert(entry);
  }

  /**
   * Takes up to `most` records beyond the bounds out of the lists.
   * @returns what removes them from the database, to be called within a commit; undefined when there are none
   */
  takeSurplus(now: number, most: number): (() => void) | undefined {
    const { maxAgeMs, maxCount, maxSize, minAgeMs } = this.retention;
    let count = 0;
    let { total } = this;
    for (const entry of this.entries) {
      const age = now - entry.start;
      const isSurplus = age >= minAgeMs && (this.entries.length - count > maxCount || total > maxSize);
      if (count === most || (age <= maxAgeMs && !isSurplus)) break;
      count += 1;
      total -= entry.size ?? 0;
    }
    if (count === 0) return undefined;
    const gone = this.entries.splice(0, count);
    this.total = total;
    return () => {
      for (const { id, sequence } of gone) {
        this.records.remove(id);
        this.summaries.remove(sequence);
      }
    };
  }

  /** The record of an activation. */
  get(activationId: string): ActivationRecord | undefined {
    const text = this.records.get(activationId);
    return text === undefined ? undefined : (parseJson(text) as unknown as ActivationRecord);
  }

  private findMatching({ name, since = 0, upto = Number.MAX_SAFE_INTEGER }: ActivationFilter): Entry[] {
    return this.entries.filter(
      (entry) => (name === undefined || entry.name === name) && entry.start >= since && entry.start <= upto,
    );
  }

  private takePage({ limit, skip, ...filter }: ActivationQuery): Entry[] {
    return this.findMatching(filter)
      .reverse()
      .slice(skip, skip + limit);
  }

  /** Summaries as lists show them, newest first. */
  list(query: ActivationQuery): JsonObject[] {
    return this.takePage(query).map(({ view }) => view);
  }

  /** Whole records, newest first. */
  listRecords(query: ActivationQuery): ActivationRecord[] {
    return this.takePage(query).flatMap(({ id }) => this.get(id) ?? []);
  }

  /** How many records a filter lets through. */
  count(filter: ActivationFilter): number {
    return this.findMatching(filter).length;
  }
}
