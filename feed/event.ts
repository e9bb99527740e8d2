/** A new file, as the trigger gets it; and how Cloud Storage tells of one by Pub/Sub. */
import { z } from 'zod';

/** A new object, or a new generation of one. These are the trigger's parameters. */
export interface NewFileEvent {
  readonly bucket: string;
  readonly name: string;
  /** A decimal int64: it does not fit into a number. */
  readonly generation: string;
  readonly contentType: string;
  /** Bytes. */
  readonly size: number;
}

/** What a message turned out to be. */
export type Parsed =
  | { readonly kind: 'new-file'; readonly event: NewFileEvent }
  /** A notification of something else, such as a deletion: nothing to do. */
  | { readonly kind: 'other'; readonly eventType: string }
  /** No notification of Cloud Storage. */
  | { readonly kind: 'malformed'; readonly reason: string };

const attributes = z.object({
  eventType: z.string(),
  bucketId: z.string().min(1),
  objectId: z.string().min(1),
  objectGeneration: z.string().regex(/^\d+$/, 'must be a decimal number'),
});

/** Of the object's resource, what the attributes do not say. JSON has int64 as text. */
const resource = z.object({
  contentType: z.string().default('application/octet-stream'),
  size: z.union([z.string().regex(/^\d+$/), z.number()]).transform(Number),
});

/**
 * Reads a notification with payload format JSON_API_V1.
 * Source: https://cloud.google.com/storage/docs/pubsub-notifications#format
 */
export function parseNotification(given: Readonly<Record<string, string>>, data: Buffer): Parsed {
  const head = attributes.safeParse(given);
  if (!head.success) return { kind: 'malformed', reason: `its attributes: ${describeProblems(head.error)}` };
  const { eventType, bucketId, objectId, objectGeneration } = head.data;
  if (eventType !== 'OBJECT_FINALIZE') return { kind: 'other', eventType };
  let json: unknown;
  try {
    json = JSON.parse(data.toString('utf8'));
  } catch {
    return { kind: 'malformed', reason: 'its data is not JSON: the notification must have payload format JSON_API_V1' };
  }
  const body = resource.safeParse(json);
  if (!body.success) return { kind: 'malformed', reason: `its data: ${describeProblems(body.error)}` };
  return {
    kind: 'new-file',
    event: { bucket: bucketId, name: objectId, generation: objectGeneration, ...body.data },
  };
}

function describeProblems(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => [...path, message].join(': ')).join('; ');
}
