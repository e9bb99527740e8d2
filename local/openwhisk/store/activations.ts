/**
 * Activation records: by id, by time and by name. Records are written a little after the answer, many in one
 * transaction, and can be read at once; those too old or too many are removed a few with each write.
 */
import type { JsonObject } from '../../json';
import { type ActivationRecord, filterName, summaryView } from '../activation/record';
import type { Environment, Table } from './environment';
import { isBetween, type TimeRange } from './time-range';

/** How long and how many records are kept. */
export interface Retention {
  readonly maxAgeMs: number;
  readonly maxCount: number;
}

/** Which records a list is about; `limit` elements after `skip`, newest first. */
export interface ActivationQuery extends TimeRange {
  /** `a` or `pkg/a`. */
  readonly name?: string;
  readonly limit: number;
  readonly skip: number;
}

/** Time of start in milliseconds, and a sequence within it. */
type Moment = [number, number];

interface Summary {
  readonly filterName: string;
  readonly view: JsonObject;
}

/** Removed with one write at most, above the number written. */
const PRUNE_STEP = 64;

export class ActivationStore {
  private readonly records: Table<string>;
  private readonly byTime: Table<Moment>;
  private readonly byName: Table<[string, number, number]>;
  private count: number;
  private sequence = 0;

  constructor(
    environment: Environment,
    private readonly retention: Retention,
  ) {
    this.records = environment.table('activations');
    this.byTime = environment.table('activations-by-time');
    this.byName = environment.table('activations-by-name');
    this.count = this.byTime.getKeysCount();
    for (const [, sequence] of this.byTime.getKeys()) this.sequence = Math.max(this.sequence, sequence);
  }

  /** How many records there are. */
  get size(): number {
    return this.count;
  }

  /** Keeps records and removes surplus ones; to be called within a write, followed by `written`. Returns the new count. */
  put(records: readonly ActivationRecord[], now: number): number {
    let added = 0;
    for (const record of records) {
      if (this.records.doesExist(record.activationId)) continue; // run again after a crash that came after the write
      this.sequence += 1;
      added += 1;
      const name = filterName(record);
      const summary: Summary = { filterName: name, view: summaryView(record) };
      this.records.put(record.activationId, JSON.stringify(record));
      this.byTime.put([record.start, this.sequence], JSON.stringify(summary));
      this.byName.put([name, record.start, this.sequence], record.activationId);
    }
    return this.prune(this.count + added, added, now);
  }

  private prune(count: number, added: number, now: number): number {
    const oldestKept = now - this.retention.maxAgeMs;
    const surplus = count - this.retention.maxCount;
    const outdated: Moment[] = [];
    for (const key of this.byTime.getKeys({ limit: added + PRUNE_STEP })) {
      if (key[0] >= oldestKept && outdated.length >= surplus) break;
      outdated.push([...key]);
    }
    for (const key of outdated) {
      const summary = this.summary(key);
      this.byTime.remove(key);
      if (!summary) continue;
      this.byName.remove([summary.filterName, ...key]);
      this.records.remove(String(summary.view.activationId));
    }
    return count - outdated.length;
  }

  /** Tells that the write of a `put` is done, with the count that it returned. */
  written(count: number): void {
    this.count = count;
  }

  /** True while there are records beyond their age or number. */
  get isOverdue(): boolean {
    if (this.count > this.retention.maxCount) return true;
    const [oldest] = [...this.byTime.getKeys({ limit: 1 })];
    return oldest !== undefined && oldest[0] < Date.now() - this.retention.maxAgeMs;
  }

  /** The record of an activation. */
  get(activationId: string): ActivationRecord | undefined {
    const text = this.records.get(activationId);
    return text === undefined ? undefined : (JSON.parse(text) as ActivationRecord);
  }

  private *moments(query: ActivationQuery): Iterable<Moment> {
    const upto = query.upto ?? Number.MAX_SAFE_INTEGER;
    const since = query.since ?? 0;
    if (query.name === undefined) {
      yield* this.byTime.getKeys({ start: [upto, Number.MAX_SAFE_INTEGER], end: [since, -1], reverse: true });
      return;
    }
    const first: [string, number, number] = [query.name, upto, Number.MAX_SAFE_INTEGER];
    const last: [string, number, number] = [query.name, since, -1];
    for (const [, start, sequence] of this.byName.getKeys({ start: first, end: last, reverse: true })) {
      yield [start, sequence];
    }
  }

  private *page<T>(query: ActivationQuery, read: (moment: Moment) => T | undefined): Iterable<T> {
    let at = 0;
    for (const moment of this.moments(query)) {
      if (!isBetween(moment[0], query)) continue;
      at += 1;
      if (at <= query.skip) continue;
      if (at > query.skip + query.limit) return;
      const item = read(moment);
      if (item !== undefined) yield item;
    }
  }

  /** Summaries, newest first. */
  summaries(query: ActivationQuery): JsonObject[] {
    return [...this.page(query, (moment) => this.summary(moment)?.view)];
  }

  /** Whole records, newest first. */
  list(query: ActivationQuery): ActivationRecord[] {
    return [...this.page(query, (moment) => this.get(String(this.summary(moment)?.view.activationId)))];
  }

  private summary(moment: Moment): Summary | undefined {
    const text = this.byTime.get(moment);
    return text === undefined ? undefined : (JSON.parse(text) as Summary);
  }

  /** How many records a query without limit would list. */
  countOf(query: Omit<ActivationQuery, 'limit'>): number {
    let count = 0;
    for (const moment of this.moments({ ...query, limit: 0 })) if (isBetween(moment[0], query)) count += 1;
    return Math.max(0, count - query.skip);
  }
}
