/** Events of an in bucket that the stack has not made, to an OpenWhisk on any cluster: the feed there proves itself by a key. */
import type * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import type { OwnEventsConfig } from '../../config';
import type { Platform, PlatformFeed } from '../../platform';
import { checkCredentials, openGoogleCloud, refuse, thisMachine } from '../google-cloud';
import { buildFeedImage } from './feed-image';
import { makeEvents } from './make-events';

/** What is there already. */
export interface OwnEventsArgs {
  readonly student: string;
  readonly inBucket: string;
  readonly openwhisk: Pick<Platform, 'apihost' | 'auth' | 'caCertificate' | 'insecure'>;
  /** The cluster that OpenWhisk is on. */
  readonly provider: kubernetes.Provider;
  /** Its Kubernetes namespace; undefined when it is not known. */
  readonly openwhiskNamespace: string | undefined;
}

/** Makes them. @throws pulumi.RunError when there are no Google credentials here */
export async function makeOwnEvents(config: OwnEventsConfig, args: OwnEventsArgs): Promise<PlatformFeed> {
  refuse('events (config key project)', checkCredentials(thisMachine));
  const { stack, project } = config;
  return makeEvents({
    cloud: openGoogleCloud({ student: args.student, stack, project }),
    bucket: args.inBucket,
    deliveryAttempts: config.deliveryAttempts,
    image: await chooseImage(config),
    openwhisk: args.openwhisk,
    cluster: { provider: args.provider, openwhiskNamespace: args.openwhiskNamespace, dependsOn: [] },
    identity: { kind: 'key', rotation: config.keyRotation },
  });
}

async function chooseImage({ feedImage: ready, registry }: OwnEventsConfig): Promise<pulumi.Output<string>> {
  if (ready !== undefined) return pulumi.output(ready);
  if (registry === undefined) throw new Error('the config was checked to have an image of the feed or a registry');
  return buildFeedImage(pulumi.output(registry));
}
