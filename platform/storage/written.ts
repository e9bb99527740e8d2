/** Who hears of new objects. */
import type { JsonObject } from '../../ground/json';

/** Hears of every object that is written through the front door. Calls must not throw, and are not waited for. */
export interface WriteListener {
  /**
   * A bucket has a new object, or an old one's new generation; told once, whether its client waited for the answer or not.
   * @param metadata the object's resource (https://cloud.google.com/storage/docs/json_api/v1/objects)
   */
  written(bucket: string, name: string, metadata?: JsonObject): void;
  /** A write failed as none should: what became of it, only a look into the buckets can tell. */
  uncertain(): void;
}
