/** What became of the events of new files, and which flows there are: what a feed must know after it was killed. */
import type { Environment, Table } from './environment';

/** Of an object: the newest generation whose event came to an end, and how. */
export interface EventRecord {
  /** A decimal int64. */
  readonly generation: string;
  /** Why the event is among the dead letters, and after how many attempts; left out when it fired the trigger. */
  readonly dead?: { readonly reason: string; readonly attempts: number };
}

/** The flow, the bucket and the name of an object. */
type EventKey = [flow: string, bucket: string, name: string];

/** The tables of events and flows. Reads come from the database's memory map. */
export class EventStore {
  private readonly events: Table<EventKey>;
  private readonly flows: Table<string>;

  constructor(private readonly environment: Environment) {
    this.events = environment.table('events');
    this.flows = environment.table('flows');
  }

  /** The record of an object. */
  get(...key: EventKey): EventRecord | undefined {
    const text = this.events.get(key);
    return text === undefined ? undefined : (JSON.parse(text) as EventRecord);
  }

  /** The records of a bucket, by name. */
  list(flow: string, bucket: string): Map<string, EventRecord> {
    const found = new Map<string, EventRecord>();
    for (const { key, value } of this.events.getRange({ start: [flow, bucket, ''] })) {
      if (key[0] !== flow || key[1] !== bucket) break;
      found.set(key[2], JSON.parse(value));
    }
    return found;
  }

  /** Keeps a record unless there is one of a newer generation; it outlives the process once this resolves. */
  put(record: EventRecord, ...key: EventKey): Promise<void> {
    return this.environment.commit(() => {
      const old = this.get(...key);
      if (old !== undefined && BigInt(old.generation) > BigInt(record.generation)) return;
      this.events.put(key, JSON.stringify(record));
    });
  }

  /** Forgets an object of that generation. */
  forget(generation: string, ...key: EventKey): Promise<void> {
    return this.environment.commit(() => {
      if (this.get(...key)?.generation === generation) this.events.remove(key);
    }, 'nothing');
  }

  /** Flows that are on: what they watch, by their id. */
  listFlows(): Map<string, string> {
    return new Map([...this.flows.getRange()].map(({ key, value }) => [key, value]));
  }

  /** Notes a flow as on; on the disk when this returns. */
  putFlow(id: string, bucket: string): void {
    this.environment.write(() => void this.flows.put(id, bucket));
  }

  /** Notes a flow as off. What became of its events stays known: it may be on again in a moment. */
  removeFlow(id: string): void {
    this.environment.write(() => void this.flows.remove(id), 'nothing');
  }
}
