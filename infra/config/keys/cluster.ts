/** Keys of OpenWhisk's release on a Kubernetes cluster. */
import { z } from 'zod';
import { type ConfigKey, httpUrl, type Target, wholeNumber } from '../key';

const CLUSTERS = ['kubernetes', 'gke'] as const satisfies readonly Target[];

export const CLUSTER_KEYS = {
  kubeconfig: {
    schema: z.string().min(1),
    allowed: 'path of the kubeconfig file of the cluster (target existing: of the one OpenWhisk is on, for the feed)',
    example: '"$HOME/.kube/config"',
    needed: ['kubernetes'],
    optional: ['existing'],
  },
  kubeContext: {
    schema: z.string().min(1),
    allowed: 'a context of the kubeconfig; its current one when left out',
    example: 'kind-lab',
    needed: [],
    optional: ['kubernetes', 'existing'],
  },
  ingress: {
    schema: z.enum(['NodePort', 'LoadBalancer']),
    allowed: 'how OpenWhisk is reached: NodePort (port 31001 of the nodes, the default) or LoadBalancer (port 443)',
    example: 'LoadBalancer',
    default: 'NodePort',
    needed: [],
    optional: ['kubernetes'],
  },
  chartRepository: {
    schema: httpUrl,
    allowed: "the URL of the Helm repository that OpenWhisk's chart comes from",
    example: 'https://charts.example.org',
    default: 'https://openwhisk.apache.org/charts',
    platform: 'openwhisk',
    needed: [],
    optional: CLUSTERS,
  },
  releaseTimeout: {
    schema: wholeNumber(1, 240),
    allowed: 'minutes that OpenWhisk may take to get ready on the cluster, 1 to 240',
    example: '30',
    default: '20',
    platform: 'openwhisk',
    needed: [],
    optional: CLUSTERS,
  },
  actionMemory: {
    schema: wholeNumber(512, 8192),
    allowed: 'MiB of memory that an action may ask for at most, 512 (what the actions here take) to 8192',
    example: '1024',
    default: '512',
    platform: 'openwhisk',
    needed: [],
    optional: CLUSTERS,
  },
  invokerMemory: {
    schema: wholeNumber(512, 262_144),
    allowed: 'MiB of memory that all containers of actions take together, at least 512',
    example: '8192',
    default: '4096',
    platform: 'openwhisk',
    needed: [],
    optional: CLUSTERS,
  },
  payload: {
    schema: wholeNumber(1, 32),
    allowed: 'MiB of parameters or result of one invocation, 1 to 32',
    example: '5',
    default: '5',
    platform: 'openwhisk',
    needed: [],
    optional: CLUSTERS,
  },
  invocationsPerMinute: {
    schema: wholeNumber(1, 1_000_000),
    allowed: 'invocations, and separately fired triggers, per minute and namespace',
    example: '1000',
    default: '600',
    platform: 'openwhisk',
    needed: [],
    optional: CLUSTERS,
  },
  concurrentInvocations: {
    schema: wholeNumber(1, 100_000),
    allowed: 'invocations of one namespace that are under way at the same time',
    example: '100',
    default: '100',
    platform: 'openwhisk',
    needed: [],
    optional: CLUSTERS,
  },
} as const satisfies Record<string, ConfigKey>;
