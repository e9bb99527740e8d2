/** A trigger as Eventarc runs it: every new object of a bucket is delivered to a service until that answers 2xx. */
import { Feed, type Fire, type Fired } from '../../feed/feed';
import { messageOf } from '../../ground/errors';
import { StorageSource } from '../events/source';
import type { EventStore } from '../openwhisk/store/events';
import { makeCloudEvent } from './cloud-event';
import type { TriggerSpec } from './spec';

export interface DeliveriesOptions {
  readonly name: string;
  readonly spec: TriggerSpec;
  /** URL of the service, without a trailing slash. */
  readonly serviceUrl: string;
  /** Milliseconds that the service gives a request now. */
  readonly timeout: () => number;
  /** URL of the storage emulator. */
  readonly storageEndpoint: string;
  readonly ledger: EventStore;
  readonly log: (line: string) => void;
}

/** A trigger that runs: its feed, and the source that wants to hear of writes. */
export interface Deliveries {
  readonly bucket: string;
  readonly source: StorageSource;
  readonly feed: Feed;
}

/** Deliveries under way at a time; the service has its own bound, the rest waits there. */
const MAX_IN_FLIGHT = 8;
/** Eventarc's are 10 to 600 seconds; nobody shares this service. */
const BACKOFF = { first: 200, longest: 10_000 };

/** Starts to deliver, also what came while nobody did. */
export function startDeliveries(options: DeliveriesOptions): Deliveries {
  const { name, spec, serviceUrl, timeout, storageEndpoint, ledger, log } = options;
  const source = new StorageSource({
    ...{ flow: `cloudrun/${name}`, bucket: spec.bucket, endpoint: storageEndpoint, ledger, log },
    // Nothing is ever refused below: like Eventarc this goes on trying.
    ...{ maxAttempts: 1, retry: BACKOFF },
  });
  const fire = deliver(`${serviceUrl}${spec.path}`, timeout);
  const feed = new Feed({ source, fire, log, maxInFlight: MAX_IN_FLIGHT, backoff: BACKOFF });
  feed.start();
  return { bucket: spec.bucket, source, feed };
}

/** One delivery over HTTP. */
function deliver(url: string, timeout: () => number): Fire {
  return async (event, signal): Promise<Fired> => {
    const { headers, body } = makeCloudEvent(event, new Date());
    try {
      // It may wait as long for an instance as it then runs.
      const limit = AbortSignal.timeout(2 * timeout());
      const answer = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.any([signal, limit]) });
      const text = await answer.text();
      if (answer.ok) return { outcome: 'accepted' };
      return { outcome: 'unavailable', reason: `the service answered ${answer.status}: ${text.trim().slice(0, 300)}` };
    } catch (error) {
      const why = messageOf(error);
      return { outcome: 'unavailable', reason: `the service cannot be reached: ${why}` };
    }
  };
}
