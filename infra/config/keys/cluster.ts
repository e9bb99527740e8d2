/** Keys that say which cluster you have. */
import { z } from 'zod';
import type { ConfigKey } from '../key';
import type { Reader } from '../reader';

export const CLUSTER_KEYS = {
  kubeconfig: {
    schema: z.string().min(1),
    allowed:
      'the path of the kubeconfig file of the cluster (target existing: the cluster that OpenWhisk runs on, for the feed)',
    note: 'On `existing` only together with `project`.',
    example: '"$HOME/.kube/config"',
  },
  kubeContext: {
    schema: z.string().min(1),
    allowed: 'a context of the kubeconfig; without it the current one',
    example: 'kind-lab',
  },
} as const satisfies Record<string, ConfigKey>;

/** A cluster that exists already. */
export type ClusterConfig = Readonly<ReturnType<typeof readCluster>>;

/** Reads {@link ClusterConfig}. */
export function readCluster(read: Reader<keyof typeof CLUSTER_KEYS>) {
  return {
    /** Path of the kubeconfig file. */
    kubeconfig: read.text('kubeconfig'),
    /** Undefined: the current one. */
    kubeContext: read.maybe('kubeContext'),
  };
}
