/**
 * Activation records, within bounds of age and number. Memory holds of each what lists choose by, in order of time; what a list
 * shows of it, its summary, is read for the page that is asked for. So neither lists nor the choice of what is too old touch a
 * record, and a record takes less than 200 bytes of memory.
 */
import { parseJson, writeJson } from '../../../ground/exact-json';
import type { JsonObject } from '../../../ground/json';
import { type ActivationRecord, filterName, viewSummary, writeRecord } from '../activation/record';
import type { BytesTable, Environment, Table } from './environment';

/** How long and how many records are kept. */
export interface Retention {
  readonly maxAgeMs: number;
  readonly maxCount: number;
  /** Bytes of all records together. */
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

/** What is kept beside a record. */
interface Summary {
  readonly id: string;
  readonly start: number;
  readonly name: string;
  readonly view: JsonObject;
  /** Bytes of the record; those of earlier versions do not tell. */
  readonly size?: number;
}

/** What memory holds of a record. */
interface Entry extends Omit<Summary, 'view'> {
  /** Grows with every record: orders two that began in one millisecond. The key of the summary. */
  readonly sequence: number;
}

function makeEntry({ id, start, name, size = 0 }: Summary, sequence: number): Entry {
  return { id, start, name, size, sequence };
}

/** A record ready to be written. */
export interface PreparedRecord {
  readonly entry: Entry;
  readonly record: Buffer;
  readonly summary: string;
}

function isEarlier(a: Entry, b: Entry): boolean {
  return a.start < b.start || (a.start === b.start && a.sequence < b.sequence);
}

/** The table of activation records, by activation id. */
export class ActivationStore {
  private readonly records: BytesTable<string>;
  private readonly summaries: Table<number>;
  /** Oldest first. */
  private readonly entries: Entry[] = [];
  private lastSequence = 0;
  /** Bytes of all entries. */
  private total = 0;

  constructor(
    environment: Environment,
    private readonly retention: Retention,
  ) {
    this.records = environment.bytesTable('activations');
    this.summaries = environment.table('activation-summaries');
    for (const { key, value } of this.summaries.getRange()) {
      this.insert(makeEntry(parseJson(value) as unknown as Summary, key));
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
    const bytes = writeRecord(record);
    const size = bytes.length;
    const summary: Summary = { id, start, name: filterName(record), view: viewSummary(record), size };
    return {
      entry: makeEntry(summary, this.lastSequence),
      record: bytes,
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
    const bytes = this.records.get(activationId);
    return bytes === undefined ? undefined : (parseJson(bytes.toString()) as unknown as ActivationRecord);
  }

  /** Newest first; none is looked at that is older than what is asked for. */
  private *findMatching({ name, since = 0, upto = Number.MAX_SAFE_INTEGER }: ActivationFilter): Generator<Entry> {
    for (let at = this.entries.length - 1; at >= 0; at -= 1) {
      const entry = this.entries[at];
      if (entry === undefined || entry.start < since) return;
      if (entry.start <= upto && (name === undefined || entry.name === name)) yield entry;
    }
  }

  private takePage({ limit, skip, ...filter }: ActivationQuery): Entry[] {
    const page: Entry[] = [];
    let before = skip;
    for (const entry of this.findMatching(filter)) {
      if (page.length >= limit) break;
      if (before > 0) before -= 1;
      else page.push(entry);
    }
    return page;
  }

  /** Summaries as lists show them, newest first. */
  list(query: ActivationQuery): JsonObject[] {
    return this.takePage(query).flatMap(({ sequence }) => {
      const text = this.summaries.get(sequence);
      return text === undefined ? [] : [(parseJson(text) as unknown as Summary).view];
    });
  }

  /** Whole records, newest first. */
  listRecords(query: ActivationQuery): ActivationRecord[] {
    return this.takePage(query).flatMap(({ id }) => this.get(id) ?? []);
  }

  /** How many records a filter lets through. */
  count(filter: ActivationFilter): number {
    let count = 0;
    for (const _ of this.findMatching(filter)) count += 1;
    return count;
  }
}
