/** The stack config as typed values: for each target, which groups of keys (keys/) it is made of. */
import type { Target } from './key';
import type { KeyName } from './keys/all-keys';
import { readCloudRun } from './keys/cloud-run';
import { readEvents, readOwnEvents } from './keys/events';
import { readBudget, readGoogleCloud, readNodes } from './keys/google-cloud';
import { readOpenWhisk } from './keys/openwhisk';
import { readRelease } from './keys/openwhisk-release';
import { readRuntime } from './keys/runtime';
import { readPlatform, readStack } from './keys/stack';
import { readExistingStorage, readGoogleStorage, readLoss } from './keys/storage';
import type { Reader } from './reader';

type Read = Reader<KeyName>;

/** A stack on the local platform. */
export type LocalConfig = Readonly<ReturnType<typeof readLocal>>;
/** A stack on an OpenWhisk and on buckets that exist already. */
export type ExistingConfig = Readonly<ReturnType<typeof readExisting>>;
/** A stack on a Kubernetes cluster that already exists: OpenWhisk is installed there, the buckets exist. */
export type KubernetesConfig = Readonly<ReturnType<typeof readKubernetes>>;
/** A stack that creates everything on Google Cloud; `platform: cloudrun` replaces cluster and OpenWhisk. */
export type GkeConfig = Readonly<ReturnType<typeof readGke>>;
/** The whole stack config, by target. */
export type StackConfig = LocalConfig | ExistingConfig | KubernetesConfig | GkeConfig;

const READERS = {
  local: readLocal,
  existing: readExisting,
  kubernetes: readKubernetes,
  gke: readGke,
} as const satisfies {
  readonly [T in Target]: (read: Read, stack: string) => { readonly target: T };
};

/** Reads the checked config of a target. */
export function readStackConfig(target: Target, read: Read, stack: string): StackConfig {
  return READERS[target](read, stack);
}

function readLocal(read: Read) {
  return {
    ...readStack(read),
    target: 'local' as const,
    platform: readPlatform(read),
    /** Data folder of the platform, relative to the project. */
    platformDir: read.text('platformDir'),
    loss: readLoss(read),
  };
}

function readExisting(read: Read, stack: string) {
  const events = readOwnEvents(read, stack);
  return {
    ...readStack(read),
    target: 'existing' as const,
    ...readOpenWhisk(read),
    runtime: { image: read.text('image'), python: read.maybe('python') },
    storage: readExistingStorage(read),
    /** Undefined: the trigger is fired by hand. */
    events: events && { ...events, kubeconfig: read.text('kubeconfig'), kubeContext: read.maybe('kubeContext') },
  };
}

function readKubernetes(read: Read, stack: string) {
  return {
    ...readStack(read),
    target: 'kubernetes' as const,
    /** URL at which the cluster's OpenWhisk will answer, e.g. `https://192.0.2.7:31001`. */
    apihost: read.url('apihost'),
    /** Path of the kubeconfig file. */
    kubeconfig: read.text('kubeconfig'),
    kubeContext: read.maybe('kubeContext'),
    ingress: read.text('ingress') === 'LoadBalancer' ? ('LoadBalancer' as const) : ('NodePort' as const),
    release: readRelease(read),
    runtime: readRuntime(read),
    storage: readExistingStorage(read),
    /** Undefined: the trigger is fired by hand. */
    events: readOwnEvents(read, stack),
  };
}

function readGke(read: Read, stack: string) {
  return {
    ...readStack(read),
    target: 'gke' as const,
    platform: readPlatform(read),
    stack,
    ...readGoogleCloud(read),
    nodes: readNodes(read),
    budget: readBudget(read),
    release: readRelease(read),
    runtime: readRuntime(read),
    storage: readGoogleStorage(read),
    events: readEvents(read),
    cloudRun: readCloudRun(read),
  };
}
