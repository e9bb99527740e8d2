/** What became of the events of new files, and which flows there are: what a feed must know after it was killed. */
import { createHash } from 'node:crypto';
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

/**
 * Bytes of a name that are a part of a key. LMDB's keys have 1,978 in all, in which a control character takes two; names have
 * up to 1,024 bytes.
 */
const LONGEST_IN_KEY = 512;

/** The key of an object: of a long name, a digest stands for it, after a line break, which is in no name. */
function keyOf([flow, bucket, name]: EventKey): EventKey {
  if (Buffer.byteLength(name) <= LONGEST_IN_KEY) return [flow, bucket, name];
  return [flow, bucket, `\n${createHash('sha256').update(name).digest('hex')}`];
}

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
    const text = this.events.get(keyOf(key));
    return text === undefined ? undefined : readNamed(text).record;
  }

  /** The records of a bucket, by name. */
  list(flow: string, bucket: string): Map<string, EventRecord> {
    const found = new Map<string, EventRecord>();
    for (const { key, value } of this.events.getRange({ start: [flow, bucket, ''] })) {
      if (key[0] !== flow || key[1] !== bucket) break;
      const { name = key[2], record } = readNamed(value);
      found.set(name, record);
    }
    return found;
  }

  /** Keeps a record unless there is one of a newer generation; it outlives the process once this resolves. */
  put(record: EventRecord, ...key: EventKey): Promise<void> {
    return this.environment.commit(() => {
      const old = this.get(...key);
      if (old !== undefined && BigInt(old.generation) > BigInt(record.generation)) return;
      const stored = keyOf(key);
      this.events.put(stored, JSON.stringify(stored[2] === key[2] ? record : { ...record, name: key[2] }));
    });
  }

  /** Forgets an object of that generation. */
  forget(generation: string, ...key: EventKey): Promise<void> {
    return this.environment.commit(() => {
      if (this.get(...key)?.generation === generation) this.events.remove(keyOf(key));
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

/** A record, and the name of its object where the key has not got it. */
function readNamed(text: string): { name: string | undefined; record: EventRecord } {
  const { name, ...record } = JSON.parse(text) as EventRecord & { readonly name?: string };
  return { name, record };
}
