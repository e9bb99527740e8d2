/** What both kinds of Cloud Run give to the program: Google's, and the one of the local platform. Types alone. */
import type * as pulumi from '@pulumi/pulumi';
import type { StackConfig } from '../../config';

/** The config of a stack on Cloud Run. */
export type CloudRunConfig = StackConfig<'local' | 'gke'> & { readonly platform: 'cloudrun' };

/** The deployed service, and what belongs to it. */
export interface CloudRunService {
  /** URL of the service, without a trailing slash; `cloudrun/README.md` says what it answers. */
  readonly url: pulumi.Output<string>;
  /** URL that takes CloudEvents, when it is a service of its own; else `/events` of the one. */
  readonly eventsUrl?: pulumi.Output<string>;
  readonly inBucket: pulumi.Input<string>;
  readonly outBucket: pulumi.Input<string>;
  /** URL of a Cloud Storage emulator; undefined for the real one. */
  readonly storageEndpoint: string | undefined;
  /** Where the events of new files come from. */
  readonly events: 'local' | 'pubsub';
  /** Name, or URL, of what could not be delivered; undefined where such events are dropped. */
  readonly deadLetters?: pulumi.Input<string>;
}
