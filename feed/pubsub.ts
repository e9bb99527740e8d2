/** A Pub/Sub subscription to the notifications of a bucket, by Google's own client. */
import { Duration, type Message, PubSub, type Subscription, type SubscriptionOptions } from '@google-cloud/pubsub';
import { BACKOFF, type Backoff, computePause } from './backoff';
import { parseNotification } from './event';
import type { Delivery, EventSource } from './source';

export interface PubSubOptions {
  /** `projects/PROJECT/subscriptions/NAME`. */
  readonly subscription: string;
  /** Takes lines for people. */
  readonly log: (line: string) => void;
  /** Between attempts to open it, where it is not there or may not be read yet. */
  readonly backoff?: Backoff;
}

/**
 * The client extends the deadline of what is open for so long: as long as Pub/Sub keeps a message. So a message that waits for
 * OpenWhisk is not delivered again, which would count as an attempt on the way to the dead letters.
 */
const LONGEST_EXTENSION = Duration.from({ hours: 7 * 24 });
/** For the last acknowledgements, when it is closed. */
const CLOSE_LIMIT = Duration.from({ seconds: 10 });

/** New files, of the subscription's messages. */
export class PubSubSource implements EventSource {
  private readonly client: PubSub;
  private subscription: Subscription | undefined;
  private paused = false;
  private failures = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: PubSubOptions) {
    const [, projectId = ''] = options.subscription.split('/');
    this.client = new PubSub({ projectId });
  }

  start(deliver: (delivery: Delivery) => void, maxInFlight: number): void {
    const settings: SubscriptionOptions = {
      flowControl: { maxMessages: maxInFlight, allowExcessMessages: false },
      maxExtensionTime: LONGEST_EXTENSION,
      // By then all that was delivered is ended; what is nacked is only what the client had in store.
      closeOptions: { behavior: 'NACK', timeout: CLOSE_LIMIT },
    };
    const { log, backoff = BACKOFF } = this.options;
    const open = (): void => {
      const subscription = this.client.subscription(this.options.subscription, settings);
      this.subscription = subscription;
      subscription.on('message', (message: Message) => {
        this.failures = 0;
        // Kept unanswered while it ends, for `close` to give back: nacked here, it would come again at once.
        if (!this.paused) this.take(message, deliver);
      });
      // The client retries what passes by itself; this is for good, such as no such subscription, or no right to read it.
      subscription.on('error', (error: Error) => {
        this.failures += 1;
        log(`feed: ${this.options.subscription} cannot be read: ${error.message}. Trying again.`);
        void subscription.close().catch(() => undefined);
        if (!this.paused) this.timer = setTimeout(open, computePause(this.failures, backoff));
      });
    };
    open();
  }

  async pause(): Promise<void> {
    this.paused = true;
    clearTimeout(this.timer);
  }

  async close(): Promise<void> {
    await this.subscription?.close();
    await this.client.close();
  }

  private take(message: Message, deliver: (delivery: Delivery) => void): void {
    const parsed = parseNotification(message.attributes, message.data);
    if (parsed.kind === 'new-file') {
      deliver({
        event: parsed.event,
        ack: async () => void (await message.ackWithResponse()),
        refuse: () => message.nack(),
        release: () => message.nack(),
      });
    } else if (parsed.kind === 'other') {
      message.ack();
    } else {
      // After its last attempt Pub/Sub puts it among the dead letters.
      this.options.log(`feed: message ${message.id} is not a notification from Cloud Storage: ${parsed.reason}`);
      message.nack();
    }
  }
}
