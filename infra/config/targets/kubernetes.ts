/** Target `kubernetes`: a stack on a cluster that exists already: OpenWhisk is installed there, the buckets exist. */
import { z } from 'zod';
import type { ConfigKey } from '../key';
import { CLUSTER_KEYS, readCluster } from '../keys/cluster';
import { OWN_EVENT_KEYS, readOwnEvents } from '../keys/events';
import { OPENWHISK_KEYS } from '../keys/openwhisk';
import { findReleaseConflicts, RELEASE_KEYS, readRelease } from '../keys/openwhisk-release';
import { RUNTIME_KEYS, readRuntime } from '../keys/runtime';
import { EXISTING_STORAGE_KEYS, EXISTING_STORAGE_NEEDED, readExistingStorage } from '../keys/storage';
import { defineTarget } from '../target';

const KUBERNETES_KEYS = {
  ingress: {
    schema: z.enum(['NodePort', 'LoadBalancer']),
    allowed: 'how OpenWhisk is reached: NodePort (port 31001 of the nodes, the default) or LoadBalancer (port 443)',
    example: 'LoadBalancer',
    default: 'NodePort',
  },
} as const satisfies Record<string, ConfigKey>;

export const kubernetes = defineTarget({
  is: 'a cluster you have',
  keys: {
    apihost: OPENWHISK_KEYS.apihost,
    ...CLUSTER_KEYS,
    ...KUBERNETES_KEYS,
    ...RELEASE_KEYS,
    ...RUNTIME_KEYS,
    ...EXISTING_STORAGE_KEYS,
    ...OWN_EVENT_KEYS,
  },
  needed: ['apihost', 'kubeconfig', ...EXISTING_STORAGE_NEEDED],
  findConflicts: findReleaseConflicts,
  read: (read, stack) => ({
    /** URL at which the cluster's OpenWhisk will answer, e.g. `https://192.0.2.7:31001`. */
    apihost: read.url('apihost'),
    ...readCluster(read),
    ingress: read.text('ingress') === 'LoadBalancer' ? ('LoadBalancer' as const) : ('NodePort' as const),
    release: readRelease(read),
    runtime: readRuntime(read),
    storage: readExistingStorage(read),
    /** Undefined: the trigger is fired by hand. */
    events: readOwnEvents(read, stack),
  }),
});
