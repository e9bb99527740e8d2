/** The stack config as typed values, by target. */
import type * as pulumi from '@pulumi/pulumi';
import type { PlatformName } from './key';

/** What stacks of all targets can choose. */
interface AnyConfig {
  /** Take over what has the names already. */
  readonly adopt: boolean;
}

/** A stack on the platform of this machine. */
export interface LocalConfig extends AnyConfig {
  readonly target: 'local';
  /** OpenWhisk, or Cloud Run as it is played here. */
  readonly platform: PlatformName;
  readonly student: string;
  /** Data folder of the platform, relative to the project. */
  readonly platformDir: string;
  /** Whether buckets with files in them may go: by `destroy`, and when another name replaces them. */
  readonly loss: { readonly byDestroy: boolean; readonly byReplacement: boolean };
}

/** A stack on an OpenWhisk and on buckets that exist already. */
export interface ExistingConfig extends AnyConfig {
  readonly target: 'existing';
  readonly student: string;
  readonly apihost: string;
  readonly auth: pulumi.Output<string>;
  readonly namespace: string;
  readonly caCertificate: string | undefined;
  /** Accept any certificate: only by explicit choice. */
  readonly insecure: boolean;
  readonly runtime: ReadyRuntimeConfig;
  readonly storage: ExistingStorageConfig;
  /** Undefined: the trigger is fired by hand. */
  readonly events: (OwnEventsConfig & Pick<KubernetesConfig, 'kubeconfig' | 'kubeContext'>) | undefined;
}

/** A stack on a Kubernetes cluster that exists already: OpenWhisk is installed there, the buckets exist. */
export interface KubernetesConfig extends AnyConfig {
  readonly target: 'kubernetes';
  readonly student: string;
  /** URL at which the cluster's OpenWhisk will answer, e.g. `https://192.0.2.7:31001`. */
  readonly apihost: string;
  /** Path of the kubeconfig file. */
  readonly kubeconfig: string;
  readonly kubeContext: string | undefined;
  readonly ingress: 'NodePort' | 'LoadBalancer';
  readonly release: ReleaseConfig;
  readonly runtime: ReadyRuntimeConfig | BuiltRuntimeConfig;
  readonly storage: ExistingStorageConfig;
  /** Undefined: the trigger is fired by hand. */
  readonly events: OwnEventsConfig | undefined;
}

/** A stack that makes everything on Google Cloud: cluster, OpenWhisk, buckets, key, registry, image. */
export interface GkeConfig extends AnyConfig {
  readonly target: 'gke';
  /** `cloudrun` makes a Cloud Run service in place of cluster and OpenWhisk. */
  readonly platform: PlatformName;
  readonly student: string;
  readonly stack: string;
  readonly project: string;
  /** E.g. `europe-west1-b`; the region is `europe-west1`. */
  readonly zone: string;
  readonly region: string;
  readonly dnsName: string | undefined;
  readonly nodes: NodesConfig;
  /** `YYYY-MM-DD`, a label on what costs. */
  readonly expires: string | undefined;
  readonly budget: BudgetConfig | undefined;
  readonly release: ReleaseConfig;
  readonly runtime: ReadyRuntimeConfig | BuiltRuntimeConfig;
  readonly storage: GoogleStorageConfig;
  readonly events: EventsConfig;
  readonly cloudRun: CloudRunSettings;
}

/** The whole stack config, by target. */
export type StackConfig = LocalConfig | ExistingConfig | KubernetesConfig | GkeConfig;

/** A runtime image that needs no build. */
export interface ReadyRuntimeConfig {
  readonly image: string;
  /** An interpreter here that makes the actions' libraries; inside the image, by Docker, when undefined. */
  readonly python: string | undefined;
}

/** A runtime image that runtime/Dockerfile makes. */
export interface BuiltRuntimeConfig {
  readonly image: undefined;
  readonly baseImage: string;
  /** Registry and folder; target gke makes one when undefined. */
  readonly registry: string | undefined;
  readonly python: string | undefined;
}

/** Buckets and a key that exist already. */
export interface ExistingStorageConfig {
  readonly inBucket: string;
  readonly outBucket: string;
  readonly serviceAccountKey: pulumi.Output<string>;
  /** A key that may create objects in the in bucket; without it nobody can upload by a signed URL. */
  readonly uploadKey: pulumi.Output<string> | undefined;
  /** URL of an emulator; undefined for the real Cloud Storage. */
  readonly storageEndpoint: string | undefined;
}

/** Buckets and a key made on Google Cloud. */
export interface GoogleStorageConfig {
  /** Days. */
  readonly objectAge: number;
  readonly forceDestroy: boolean;
  /** Another text makes a new key. */
  readonly keyRotation: string;
  /** Keys from elsewhere, where an organization forbids making them. */
  readonly serviceAccountKey: pulumi.Output<string> | undefined;
  readonly uploadKey: pulumi.Output<string> | undefined;
}

/** How events of new files reach OpenWhisk. */
export interface EventsConfig {
  /** Attempts after which an event is among the dead letters. */
  readonly deliveryAttempts: number;
  /** A ready image of the feed; it is built when undefined. */
  readonly feedImage: string | undefined;
  /** Where it is pushed to; target gke makes one when undefined. */
  readonly registry: string | undefined;
}

/** The same for an in bucket that the stack has not made. */
export interface OwnEventsConfig extends EventsConfig {
  readonly stack: string;
  /** Project of the in bucket. */
  readonly project: string;
  /** Another text makes a new key for the feed. */
  readonly keyRotation: string;
}

/** What a user can choose of the Cloud Run services. */
export interface CloudRunSettings {
  /** Whether whoever knows the URL can convert. */
  readonly publicApi: boolean;
  /** Containers of each service, at most. */
  readonly maxInstances: number;
  /** A ready image of cloudrun/Dockerfile; it is built when undefined. */
  readonly image: string | undefined;
  readonly registry: string | undefined;
}

export interface NodesConfig {
  readonly coreMachineType: string;
  readonly invokerMachineType: string;
  /** GB. */
  readonly diskSize: number;
  readonly invokerNodesMin: number;
  readonly invokerNodesMax: number;
  readonly invokerSpot: boolean;
}

export interface BudgetConfig {
  readonly billingAccount: string;
  /** Units of the account's currency, a month. */
  readonly amount: number;
}

/** How OpenWhisk is installed on a cluster. */
export interface ReleaseConfig {
  /** URL of the Helm repository. */
  readonly chartRepository: string;
  /** Minutes. */
  readonly timeout: number;
  readonly limits: OpenWhiskLimits;
}

/** What OpenWhisk allows. */
export interface OpenWhiskLimits {
  /** MiB, of one action at most. */
  readonly actionMemory: number;
  /** MiB, of all containers of actions together. */
  readonly invokerMemory: number;
  /** MiB, of parameters and of a result. */
  readonly payload: number;
  /** Of a namespace; for fired triggers alike. */
  readonly invocationsPerMinute: number;
  readonly concurrentInvocations: number;
}
