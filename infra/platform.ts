/** What a target gives to the rest of the program: an OpenWhisk, where files come from and go, or outputs. Types alone. */
import type * as pulumi from '@pulumi/pulumi';
import type { BuiltRuntimeConfig, ReadyRuntimeConfig } from './config';

/** An OpenWhisk that functions can be deployed to. */
export interface Platform {
  /** URL of the API host, without a trailing slash. Known only when OpenWhisk answers, so what uses it comes after. */
  readonly apihost: pulumi.Output<string>;
  /** URL at which its actions reach it, when that is not what OpenWhisk tells them (`__OW_API_HOST`). */
  readonly innerApihost?: string;
  /** True: APIs are at the API host, whatever URL the gateway gives them. */
  readonly servesApis?: boolean;
  /** The key, `UUID:KEY`: a secret. */
  readonly auth: pulumi.Output<string>;
  /** Whether the stack has made this OpenWhisk: then nobody else has its key, and the outputs show it as a secret. */
  readonly ownsKey?: boolean;
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
  /** Has an image on every machine that runs actions. Its name is known once it is there. */
  readonly keepImage?: (image: pulumi.Output<string>) => pulumi.Output<string>;
  /** A shell line that sets $AUTH without showing it, and makes `wsk` use this OpenWhisk. Takes the URL of the stack's API. */
  readonly shellSetup: (convertUrl: pulumi.Output<string>) => pulumi.Output<string>;
  /** The feed that fires the trigger for each new file; undefined where that is done by hand. */
  readonly feed?: PlatformFeed;
  readonly storage: Storage;
  /** What takes OpenWhisk and all that is in it along when it is deleted; undefined when that is deleted one by one. */
  readonly deletedWith?: pulumi.Resource;
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

/** Where JPEGs come from and PDFs go. */
export interface Storage {
  readonly inBucket: pulumi.Input<string>;
  readonly outBucket: pulumi.Input<string>;
  /** Service-account key in JSON form, a secret; or, as JSON too, whose identity stands for one (actions/buckets/access.py). */
  readonly key: pulumi.Output<string>;
  /** The same for creating objects in the input bucket, which may do nothing else. Undefined when nothing may. */
  readonly uploadKey?: pulumi.Output<string>;
  /** URL of a Cloud Storage emulator; undefined for the real one. */
  readonly endpoint: string | undefined;
  /** Days after which both buckets delete an object, where that is known. */
  readonly objectAge?: number;
}

/** Outputs whose values Pulumi may still have to work out, on each level. */
export type Pending<T> = { readonly [K in keyof T]: pulumi.Input<T[K] extends object ? Pending<T[K]> : T[K]> };
