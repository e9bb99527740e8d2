/** Where events come from. The feed knows nothing else of Pub/Sub, nor of the storage emulator. */
import type { NewFileEvent } from './event';

/** One event in the hands of the feed. Exactly one of the three ends that; the source keeps hold of it until then. */
export interface Delivery {
  readonly event: NewFileEvent;
  /** It is done, and never delivered again. */
  ack(): Promise<void>;
  /**
   * An attempt that failed: delivered again, later each time. After enough of these the source puts it among the dead letters.
   */
  refuse(reason: string): void;
  /** It was not tried to the end: delivered again, at once or after the next start. */
  release(): void;
}

/** A source of events, delivered at least once. */
export interface EventSource {
  /**
   * Begins to deliver.
   * @param maxInFlight how many deliveries may be open at a time
   */
  start(deliver: (delivery: Delivery) => void, maxInFlight: number): void;
  /** Delivers nothing more. What was delivered can still be ended. */
  pause(): Promise<void>;
  /** Ends it once all deliveries are ended; resolves when that is kept. */
  close(): Promise<void>;
}
