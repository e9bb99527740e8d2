/** Why no node takes a pod. */
import type { V1Node, V1Pod } from '@kubernetes/client-node';
import type { Cluster } from '../cluster/connect';
import type { Cause } from './cause';
import type { Events } from './events';

/** A label that a pod demands of its node: `[key, value]`. */
type Label = readonly [string, string];

/** What a pod is seen with. */
export interface Surroundings {
  readonly cluster: Cluster;
  readonly events: Events;
  /** Undefined when they cannot be seen. */
  readonly nodes: readonly V1Node[] | undefined;
}

/**
 * The cause of a pod that no node takes.
 * @param message of the scheduler, e.g. `0/2 nodes are available: 1 Insufficient cpu, ...`
 */
export function explainUnschedulable(pod: V1Pod, message: string, { cluster, events, nodes }: Surroundings): Cause {
  // Reasons of the cluster autoscaler: https://docs.cloud.google.com/kubernetes-engine/docs/how-to/cluster-autoscaler-visibility
  const scaling = events.about('Pod', pod.metadata?.name, 'FailedScaleUp', 'NotTriggerScaleUp');
  const why = scaling === undefined ? message : `${message} Autoscaler: ${scaling}`;
  return {
    what: `pod ${pod.metadata?.name}`,
    why,
    remedy: remedyOf(pod, why, nodes, cluster.moreRoom ?? 'larger nodes, more of them, or less memory for actions'),
    root: !/volume ?claim/i.test(why),
  };
}

function remedyOf(pod: V1Pod, why: string, nodes: readonly V1Node[] | undefined, moreRoom: string): string {
  if (/quota/i.test(why)) {
    return 'Google Cloud refuses more machines: ask for a higher quota (CPUS, SSD_TOTAL_GB, IN_USE_ADDRESSES), or choose smaller or fewer nodes.';
  }
  const demanded = listDemandedLabels(pod);
  const lacking = demanded.find((label) => nodes?.some((node) => carries(node, label)) === false);
  if (lacking !== undefined) return describeMissing(lacking);
  if (/volume ?claim/i.test(why)) return 'Its volume is missing: see its volume claim.';
  if (/insufficient/i.test(why)) return `No node has room. Use ${moreRoom}.`;
  if (/affinity|selector/i.test(why) && nodes === undefined && demanded[0] !== undefined)
    return describeMissing(demanded[0]);
  if (/taint/i.test(why))
    return 'Every suitable node is tainted: `kubectl describe nodes` shows the taints. They are not ready yet, or reserved.';
  return 'See `kubectl get nodes --show-labels` and `kubectl describe` of the pod.';
}

function describeMissing([key, value]: Label): string {
  return (
    `No node has the label ${key}=${value}, which it needs: \`kubectl label node NODE ${key}=${value}\`, ` +
    'or a node pool with that label that has a node.'
  );
}

function carries(node: V1Node, [key, value]: Label): boolean {
  return node.metadata?.labels?.[key] === value;
}

function listDemandedLabels({ spec }: V1Pod): Label[] {
  const required = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const terms = required?.nodeSelectorTerms.flatMap(({ matchExpressions }) => matchExpressions ?? []) ?? [];
  const ofTerms = terms.flatMap(({ key, operator, values }): Label[] => {
    const [value] = values ?? [];
    return operator === 'In' && value !== undefined ? [[key, value]] : [];
  });
  return [...Object.entries(spec?.nodeSelector ?? {}), ...ofTerms];
}
