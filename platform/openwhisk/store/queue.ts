/** Accepted invocations that have no activation record yet: what got a 202 and must run, whatever happens. */
import { parseJson, writeJson } from '../../../ground/exact-json';
import type { JsonObject } from '../../../ground/json';
import type { InvocationTarget } from '../activation/target';
import type { Environment, Table } from './environment';

/** All that is needed to run an invocation, also after a restart and after its action was changed or deleted. */
export interface QueueEntry {
  readonly activationId: string;
  readonly transactionId: string;
  readonly target: InvocationTarget;
  readonly payload: JsonObject;
  /** Milliseconds since the epoch. */
  readonly acceptedAt: number;
}

/** An entry ready to be written. */
export interface PreparedEntry {
  readonly activationId: string;
  readonly text: string;
}

/** The table of accepted invocations, in the order of acceptance; memory holds only their places. */
export class QueueStore {
  private readonly table: Table<number>;
  private readonly places = new Map<string, number>();
  private last = 0;

  constructor(environment: Environment) {
    this.table = environment.table('queue');
    for (const { key, value } of this.table.getRange()) {
      const { activationId } = parseJson(value) as unknown as QueueEntry;
      this.places.set(activationId, key);
      this.last = key;
    }
  }

  /** Makes an entry ready to be written. */
  prepare(entry: QueueEntry): PreparedEntry {
    return { activationId: entry.activationId, text: writeJson(entry) };
  }

  /** Keeps an entry at the end of the queue; to be called within a write. */
  put({ activationId, text }: PreparedEntry): void {
    const place = this.places.get(activationId) ?? this.last + 1;
    this.last = Math.max(this.last, place);
    this.places.set(activationId, place);
    this.table.put(place, text);
  }

  /** Takes an entry out, if it is there; to be called within the write that keeps its activation record. */
  remove(activationId: string): void {
    const place = this.places.get(activationId);
    if (place !== undefined) this.table.remove(place);
  }

  /** Forgets where a removed entry was; to be called once that write is done. */
  settle(activationId: string): void {
    this.places.delete(activationId);
  }

  /** The entry of an accepted invocation. */
  get(activationId: string): QueueEntry | undefined {
    const place = this.places.get(activationId);
    const text = place === undefined ? undefined : this.table.get(place);
    return text === undefined ? undefined : (parseJson(text) as unknown as QueueEntry);
  }

  /** Activation ids in the order they were accepted. */
  ids(): string[] {
    return [...this.places].sort((a, b) => a[1] - b[1]).map(([id]) => id);
  }
}
