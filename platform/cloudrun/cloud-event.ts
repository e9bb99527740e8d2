/**
 * A new object as the CloudEvent that Eventarc delivers: binary mode of the HTTP protocol binding, data of the type
 * StorageObjectData. Sources: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md,
 * https://github.com/googleapis/google-cloudevents/blob/main/proto/google/events/cloud/storage/v1/data.proto
 */
import { createHash } from 'node:crypto';
import type { NewFileEvent } from '../../feed/event';

const FINALIZED = 'google.cloud.storage.object.v1.finalized';

/** Headers and body of a request that delivers an event. */
export interface CloudEventMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The message for an event. The same event has the same id, however often it is delivered. */
export function makeCloudEvent(
  { bucket, name, generation, contentType, size }: NewFileEvent,
  time: Date,
): CloudEventMessage {
  const id = createHash('sha256')
    .update(JSON.stringify([bucket, name, generation]))
    .digest('hex')
    .slice(0, 32);
  const attributes = {
    id,
    source: `//storage.googleapis.com/projects/_/buckets/${bucket}`,
    type: FINALIZED,
    specversion: '1.0',
    time: time.toISOString(),
    subject: `objects/${name}`,
    bucket,
  };
  const headers = Object.entries(attributes).map(([attribute, value]) => [`ce-${attribute}`, encodeHeaderValue(value)]);
  return {
    headers: { ...Object.fromEntries(headers), 'content-type': 'application/json' },
    // In JSON an int64 is text.
    body: JSON.stringify({
      kind: 'storage#object',
      id: `${bucket}/${name}/${generation}`,
      ...{ bucket, name, generation, contentType },
      size: String(size),
    }),
  };
}

/** Section 3.1.3.2: all but printable ASCII, and blank, double quote and percent, is percent-encoded UTF-8. */
function encodeHeaderValue(text: string): string {
  return text.replace(/[^\x21-\x7e]|["%]/gu, (character) =>
    [...Buffer.from(character, 'utf8')].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
}
