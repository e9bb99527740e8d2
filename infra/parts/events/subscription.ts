/**
 * From the in bucket to a subscription: each new object is a message, and what cannot be delivered ends among the dead
 * letters. Format: https://cloud.google.com/storage/docs/pubsub-notifications
 */
import * as gcp from '@pulumi/gcp';
import type * as pulumi from '@pulumi/pulumi';
import { fitName, type GoogleCloud } from '../google-cloud';

export interface NewFiles {
  /** What the feed pulls from. */
  readonly subscription: gcp.pubsub.Subscription;
  /** Where dead letters are kept until somebody has looked at them. */
  readonly deadLetters: gcp.pubsub.Subscription;
  /** To be in place before the first message is pulled. */
  readonly ready: readonly pulumi.Resource[];
}

/** Names of topics and subscriptions are of 3 to 255 characters. */
const NAME_LENGTH = 255;
/** How long a message waits for a feed that is away, and a dead letter for somebody to look: 7 days, and 31, the most there is. */
const KEPT = { newFile: '604800s', deadLetter: '2678400s' } as const;
/** Otherwise a subscription is deleted when it was idle for 31 days. */
const NEVER = { ttl: '' };
/** The feed's client asks for more time as it needs it; this is how soon another one gets what a killed one held. */
const ACK_DEADLINE = 60;

/**
 * Makes topics, subscriptions, rights and the notification.
 * @param bucket the in bucket, of this project
 */
export function tellOfNewFiles(cloud: GoogleCloud, bucket: pulumi.Input<string>, deliveryAttempts: number): NewFiles {
  const { student, project } = cloud.config;
  const options = cloud.options('pubsub');
  const named = (suffix: string) => ({ name: fitName(NAME_LENGTH, student, suffix), labels: cloud.labels });

  const topic = new gcp.pubsub.Topic('new-file', named('new-file'), options);
  const deadTopic = new gcp.pubsub.Topic('dead-letters', named('dead-letters'), options);
  // A topic keeps nothing: without a subscription the dead letters would be lost.
  const deadLetters = new gcp.pubsub.Subscription(
    'dead-letters',
    {
      ...named('dead-letters'),
      topic: deadTopic.id,
      messageRetentionDuration: KEPT.deadLetter,
      expirationPolicy: NEVER,
    },
    options,
  );
  // Pub/Sub itself moves a message to the dead letters: it publishes there, and acknowledges here.
  const agent = new gcp.projects.ServiceIdentity('pubsub', { project, service: 'pubsub.googleapis.com' }, options);
  const buries = new gcp.pubsub.TopicIAMMember(
    'pubsub-buries',
    { topic: deadTopic.name, role: 'roles/pubsub.publisher', member: agent.member },
    options,
  );
  const subscription = new gcp.pubsub.Subscription(
    'new-file',
    {
      ...named('new-file'),
      topic: topic.id,
      ackDeadlineSeconds: ACK_DEADLINE,
      messageRetentionDuration: KEPT.newFile,
      expirationPolicy: NEVER,
      retryPolicy: { minimumBackoff: '10s', maximumBackoff: '600s' },
      deadLetterPolicy: { deadLetterTopic: deadTopic.id, maxDeliveryAttempts: deliveryAttempts },
    },
    { ...options, dependsOn: [...options.dependsOn, deadLetters, buries] },
  );
  const acknowledges = new gcp.pubsub.SubscriptionIAMMember(
    'pubsub-acknowledges',
    { subscription: subscription.name, role: 'roles/pubsub.subscriber', member: agent.member },
    options,
  );
  const notification = notifyAbout(cloud, bucket, topic, subscription);
  return { subscription, deadLetters, ready: [notification, acknowledges] };
}

/** Cloud Storage looks, when the notification is made, whether it may publish. */
function notifyAbout(
  cloud: GoogleCloud,
  bucket: pulumi.Input<string>,
  topic: gcp.pubsub.Topic,
  subscription: gcp.pubsub.Subscription,
): gcp.storage.Notification {
  const options = cloud.options('storage');
  const { project } = cloud.config;
  const agent = cloud.ask(['storage'], (asking) => gcp.storage.getProjectServiceAccount({ project }, asking));
  const publishes = new gcp.pubsub.TopicIAMMember(
    'storage-publishes',
    { topic: topic.name, role: 'roles/pubsub.publisher', member: agent.member },
    cloud.options('pubsub'),
  );
  return new gcp.storage.Notification(
    'new-file',
    { bucket, topic: topic.id, payloadFormat: 'JSON_API_V1', eventTypes: ['OBJECT_FINALIZE'] },
    // The subscription first: what a topic gets without one is lost.
    { ...options, dependsOn: [...options.dependsOn, publishes, subscription] },
  );
}
