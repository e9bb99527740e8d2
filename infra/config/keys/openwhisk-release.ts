/** Keys of OpenWhisk's release on a Kubernetes cluster. */
import { z } from 'zod';
import { CONVERSION_MEMORY } from '../../../contract/limits';
import { CLUSTERS, type ConfigKey, httpUrl, NAMED, wholeNumber } from '../key';
import type { Reader } from '../reader';

/** What the release has in common. */
const RELEASE = { platform: 'openwhisk', optional: CLUSTERS } as const satisfies Partial<ConfigKey>;

export const RELEASE_KEYS = {
  kubeconfig: {
    schema: z.string().min(1),
    allowed:
      'the path of the kubeconfig file of the cluster (target existing: the cluster that OpenWhisk runs on, for the feed)',
    note: 'On `existing` only together with `project`.',
    example: '"$HOME/.kube/config"',
    needed: ['kubernetes'],
    optional: ['existing'],
  },
  kubeContext: {
    schema: z.string().min(1),
    allowed: 'a context of the kubeconfig; without it the current one',
    example: 'kind-lab',
    optional: NAMED,
  },
  ingress: {
    schema: z.enum(['NodePort', 'LoadBalancer']),
    allowed: 'how OpenWhisk is reached: NodePort (port 31001 of the nodes, the default) or LoadBalancer (port 443)',
    example: 'LoadBalancer',
    default: 'NodePort',
    optional: ['kubernetes'],
  },
  chartRepository: {
    ...RELEASE,
    schema: httpUrl,
    allowed: "the URL of the Helm repository that OpenWhisk's chart comes from",
    example: 'https://charts.example.org',
    default: 'https://openwhisk.apache.org/charts',
  },
  releaseTimeout: {
    ...RELEASE,
    schema: wholeNumber(1, 240),
    allowed: 'minutes that OpenWhisk may take to become ready on the cluster, 1 to 240',
    example: '30',
    default: '20',
  },
  actionMemory: {
    ...RELEASE,
    schema: wholeNumber(CONVERSION_MEMORY, 8192),
    allowed: `the most memory that an action may ask for, in MiB: ${CONVERSION_MEMORY} (what the actions here need) to 8192`,
    example: '1024',
    default: String(CONVERSION_MEMORY),
  },
  invokerMemory: {
    ...RELEASE,
    schema: wholeNumber(CONVERSION_MEMORY, 262_144),
    allowed: `MiB of memory that all containers of actions take together, at least ${CONVERSION_MEMORY}`,
    note: 'The default is enough for eight conversions at a time. More needs larger invoker nodes.',
    example: '8192',
    default: '4096',
  },
  payload: {
    ...RELEASE,
    schema: wholeNumber(1, 32),
    allowed: 'MiB of parameters or result of one invocation, 1 to 32',
    note: 'The default is the largest body that the API gateway accepts.',
    example: '5',
    default: '5',
  },
  invocationsPerMinute: {
    ...RELEASE,
    schema: wholeNumber(1, 1_000_000),
    allowed: 'invocations, and separately fired triggers, per minute and namespace',
    example: '1000',
    default: '600',
  },
  concurrentInvocations: {
    ...RELEASE,
    schema: wholeNumber(1, 100_000),
    allowed: 'invocations of one namespace that run at the same time',
    example: '100',
    default: '100',
  },
} as const satisfies Record<string, ConfigKey>;

/** How OpenWhisk is installed on a cluster. */
export type ReleaseConfig = Readonly<ReturnType<typeof readRelease>>;
/** What OpenWhisk allows: memory and payload in MiB. */
export type OpenWhiskLimits = Readonly<ReleaseConfig['limits']>;

/** Reads {@link ReleaseConfig}. */
export function readRelease(read: Reader<keyof typeof RELEASE_KEYS>) {
  return {
    chartRepository: read.url('chartRepository'),
    /** Minutes. */
    timeout: read.number('releaseTimeout'),
    limits: {
      actionMemory: read.number('actionMemory'),
      invokerMemory: read.number('invokerMemory'),
      payload: read.number('payload'),
      invocationsPerMinute: read.number('invocationsPerMinute'),
      concurrentInvocations: read.number('concurrentInvocations'),
    },
  };
}
