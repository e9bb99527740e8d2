/** What is in a bucket of the storage emulator, as events. */
import { Storage } from '@google-cloud/storage';
import { z } from 'zod';
import type { NewFileEvent } from '../../feed/event';
import { hasCode } from '../../ground/errors';

/** Of an object's resource, what an event says (https://cloud.google.com/storage/docs/json_api/v1/objects). */
const resource = z.object({
  bucket: z.string(),
  name: z.string(),
  generation: z.union([z.string(), z.number()]).transform(String),
  contentType: z.string().default('application/octet-stream'),
  size: z.union([z.string(), z.number()]).transform(Number),
});

/** The event of an object. @throws Error when the resource is not one */
export function eventOf(metadata: unknown): NewFileEvent {
  return resource.parse(metadata);
}

/** Looks into one bucket. */
export class WatchedBucket {
  private readonly bucket;

  constructor(
    endpoint: string,
    readonly name: string,
  ) {
    this.bucket = new Storage({ apiEndpoint: endpoint, projectId: 'pdfmagic' }).bucket(name);
  }

  /** The event of an object as it is now. @throws Error when there is none */
  async look(object: string): Promise<NewFileEvent> {
    const [metadata] = await this.bucket.file(object).getMetadata();
    return eventOf(metadata);
  }

  /** The events of all objects; undefined when the bucket is not there, for good or for the moment. @throws Error */
  async list(): Promise<NewFileEvent[] | undefined> {
    try {
      const [files] = await this.bucket.getFiles();
      return files.map(({ metadata }) => eventOf(metadata));
    } catch (error) {
      if (hasCode(error, 404)) return undefined;
      throw error;
    }
  }
}
