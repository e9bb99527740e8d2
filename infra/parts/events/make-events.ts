/** New files in a bucket of Google Cloud fire the trigger: see README.md. */
import type * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { TRIGGER } from '../../../contract/names';
import type { Platform, PlatformFeed } from '../../platform';
import { fitName, type GoogleCloud } from '../google-cloud';
import { deployFeed } from './deployment';
import { type FeedIdentity, makeFeedIdentity } from './identity';
import { FEED } from './pod';
import { tellOfNewFiles } from './subscription';

/** What events are made of. */
export interface EventsArgs {
  readonly cloud: GoogleCloud;
  /** The in bucket; it belongs to the cloud's project. */
  readonly bucket: pulumi.Input<string>;
  /** Attempts after which an event is among the dead letters. */
  readonly deliveryAttempts: number;
  /** Image of the feed. */
  readonly image: pulumi.Input<string>;
  /** OpenWhisk, whose trigger is fired. */
  readonly openwhisk: Pick<Platform, 'apihost' | 'auth' | 'caCertificate' | 'insecure'>;
  /** Where the feed runs: the cluster of OpenWhisk, whose actions must reach it. */
  readonly cluster: {
    readonly provider: kubernetes.Provider;
    /** The Kubernetes namespace of OpenWhisk; undefined when it is not known. */
    readonly openwhiskNamespace: string | undefined;
    /** What must exist before anything on the cluster. */
    readonly dependsOn: readonly pulumi.Resource[];
  };
  readonly identity: FeedIdentity;
}

/** Makes the notification, the subscription and the feed. What is deployed to OpenWhisk comes after it. */
export function makeEvents(args: EventsArgs): PlatformFeed {
  const { cloud, cluster, openwhisk } = args;
  const { student } = cloud.config;
  const files = tellOfNewFiles(cloud, args.bucket, args.deliveryAttempts);
  const namespace = fitName(63, student, 'pdfmagic-feed');
  const pod = { namespace, serviceAccount: FEED };
  const credentials = makeFeedIdentity(cloud, args.identity, files.subscription, pod);
  const url = deployFeed({
    student,
    namespace,
    image: args.image,
    apihost: openwhisk.apihost,
    auth: openwhisk.auth,
    caCertificate: openwhisk.caCertificate,
    insecure: openwhisk.insecure,
    subscription: files.subscription.id,
    trigger: TRIGGER,
    credentials,
    openwhiskNamespace: cluster.openwhiskNamespace,
    provider: cluster.provider,
    dependsOn: [...cluster.dependsOn, ...files.ready],
  });
  const deadLetters = pulumi.output(files.deadLetters.id);
  return { url, source: 'pubsub', deadLetters };
}
