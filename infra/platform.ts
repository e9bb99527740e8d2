/** Where OpenWhisk is: the step of the program that later steps get their connection, runtime and storage from. */
import type * as pulumi from '@pulumi/pulumi';
import type { BuiltRuntimeConfig, ReadyRuntimeConfig, StackConfig } from './config';
import { existingPlatform } from './targets/existing/existing-platform';
import { gkePlatform } from './targets/gke';
import { kubernetesPlatform } from './targets/kubernetes/kubernetes-platform';
import { localPlatform } from './targets/local/local-platform';
import type { Storage } from './targets/storage';

/** An OpenWhisk that functions can be deployed to. */
export interface Platform {
  /** URL of the API host, without a trailing slash. Known only when OpenWhisk answers, so what uses it comes after. */
  readonly apihost: pulumi.Output<string>;
  /** The key, `UUID:KEY`: a secret. */
  readonly auth: pulumi.Output<string>;
  readonly namespace: string;
  /** The reserved address of the API host; undefined unless the stack has reserved one. */
  readonly address?: pulumi.Output<string>;
  /** PEM of the CA that signed the API host's certificate, when it is not a public one. */
  readonly caCertificate?: pulumi.Output<string>;
  /** Accept any certificate: only by explicit choice. */
  readonly insecure?: boolean;
  /** What to do when nothing answers at `apihost`, in words. */
  readonly startHint?: string;
  /** True: the API host proves that it knows the key before anybody sends it. */
  readonly provesKey?: boolean;
  /** What the Python actions run in. */
  readonly runtime: ReadyRuntimeConfig | (BuiltRuntimeConfig & { readonly repository: pulumi.Output<string> });
  /** A shell line that sets $AUTH and $APIHOST without showing them, and makes `wsk` use them. */
  readonly shellSetup: pulumi.Output<string>;
  /** The storage emulator that belongs to the platform; undefined when storage is somewhere else. */
  readonly emulator?: { readonly endpoint: string; readonly tokenUri: string };
  /** The feed that fires the trigger for each new file; undefined where that is done by hand. */
  readonly feed?: PlatformFeed;
  /** The buckets and key that were made with the platform; undefined when they are made, or taken, on their own. */
  readonly storage?: Storage;
}

/** The feed service (feed/) of a platform. */
export interface PlatformFeed {
  /** Its URL, as actions reach it. */
  readonly url: pulumi.Input<string>;
  /** Where its events come from. */
  readonly source: 'local' | 'pubsub';
  /** Where the events are that the trigger would not take: a URL here, the name of a subscription on Google Cloud. */
  readonly deadLetters: pulumi.Input<string>;
}

/** Finds or makes the platform of the target. @throws pulumi.RunError when it cannot be found or made. */
export async function openPlatform(config: StackConfig): Promise<Platform> {
  switch (config.target) {
    case 'local':
      return localPlatform(config);
    case 'existing':
      return existingPlatform(config);
    case 'kubernetes':
      return kubernetesPlatform(config);
    case 'gke':
      return gkePlatform(config);
  }
}
