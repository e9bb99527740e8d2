/** What keeps jobs, volume claims and load balancers from being done. */
import type { V1Job, V1PersistentVolumeClaim, V1Pod, V1Service } from '@kubernetes/client-node';
import type { Cluster } from '../cluster/connect';
import type { Cause } from './cause';
import type { Events } from './events';
import { readLastLines } from './log';

/** True for a Job that has done its work. */
export function isComplete({ status }: V1Job): boolean {
  return (
    (status?.succeeded ?? 0) > 0 ||
    (status?.conditions ?? []).some((condition) => condition.type === 'Complete' && condition.status === 'True')
  );
}

/** Why a Job is not complete. */
export async function causeOfJob(
  { metadata, status }: V1Job,
  pods: readonly V1Pod[],
  cluster: Cluster,
): Promise<Cause> {
  const what = `job ${metadata?.name}`;
  const failed = status?.conditions?.find((condition) => condition.type === 'Failed' && condition.status === 'True');
  const [pod] = pods.filter(({ status: { phase } = {} }) => phase === 'Running' || phase === 'Pending');
  const gate = pod?.status?.initContainerStatuses?.find(({ state }) => state?.running !== undefined)?.name;
  const running = pod?.status?.containerStatuses?.find(({ state }) => state?.running !== undefined)?.name;
  const log = pod !== undefined && running !== undefined ? await readLastLines(pod, running, cluster) : '';
  const doing = gate !== undefined ? ` (${gate})` : log === '' ? '' : `; it last said:\n      ${log}`;
  const why = failed === undefined ? `is not complete${doing}` : (failed.message ?? 'has failed');
  return { what, why, remedy: remedyOfJob(metadata, gate), root: failed !== undefined };
}

/** `install-packages` first waits for a healthy invoker, then clones its catalog (the chart's install-packages-job.yaml). */
function remedyOfJob(metadata: V1Job['metadata'], gate: string | undefined): string {
  const logs = `\`kubectl -n ${metadata?.namespace} logs job/${metadata?.name} --all-containers\``;
  if (metadata?.name?.endsWith('-install-packages') !== true) return `See ${logs}.`;
  const invoker =
    'no invoker is healthy: look at the pod of the invoker, and whether a node has the label openwhisk-role=invoker';
  const egress = 'it cannot download its catalog: the nodes need access to the Internet (NAT, or external addresses)';
  if (gate !== undefined) return `Probably ${invoker}. See ${logs}.`;
  return `Probably ${egress}; or ${invoker}. See ${logs}.`;
}

/** Why a claim has no volume. */
export function causesOfClaim({ metadata, spec, status }: V1PersistentVolumeClaim, events: Events): Cause[] {
  if (status?.phase === 'Bound') return [];
  const what = `volume claim ${metadata?.name}`;
  const why = events.about('PersistentVolumeClaim', metadata?.name) ?? 'has no volume';
  const see = `See \`kubectl -n ${metadata?.namespace} describe pvc ${metadata?.name}\`.`;
  if (spec?.storageClassName === undefined) {
    const remedy =
      'The cluster has no default StorageClass: annotate one with storageclass.kubernetes.io/is-default-class=true ' +
      '(`kubectl get storageclass`).';
    return [{ what, why, remedy, root: true }];
  }
  if (/quota/i.test(why)) {
    return [{ what, why, remedy: 'Ask for a higher quota of disks in the region, or remove disks.', root: true }];
  }
  // Most classes wait until a pod that uses the claim has a node.
  return [{ what, why, remedy: see, root: /fail/i.test(why) }];
}

/** Why a load balancer has no address. */
export function causesOfService({ metadata, spec, status }: V1Service, events: Events): Cause[] {
  if (spec?.type !== 'LoadBalancer' || (status?.loadBalancer?.ingress?.length ?? 0) > 0) return [];
  const message = events.about('Service', metadata?.name);
  const remedy =
    'There is no load balancer yet. Google Cloud: see the quotas of addresses and forwarding rules in the region. On a ' +
    'cluster without load balancers (kind, bare metal), use a Service of type NodePort instead.';
  const why = message ?? 'has no address yet';
  return [{ what: `service ${metadata?.name}`, why, remedy, root: message !== undefined }];
}
