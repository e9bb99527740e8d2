/** Looks at everything in a namespace and says what is at fault. */
import type { V1Job, V1PersistentVolumeClaim, V1Service } from '@kubernetes/client-node';
import { type Cluster, reasonOf } from '../cluster/connect';
import { type Cause, describeCauses } from './cause';
import { causesOfPod } from './pods';

/** What keeps the namespace from being ready, in lines for a user. Never throws: the error it explains is the one to show. */
export async function diagnose(cluster: Cluster): Promise<string> {
  const { core, batch, namespace } = cluster;
  try {
    const [pods, jobs, claims, services, events] = await Promise.all([
      core.listNamespacedPod({ namespace }),
      batch.listNamespacedJob({ namespace }),
      core.listNamespacedPersistentVolumeClaim({ namespace }),
      core.listNamespacedService({ namespace }),
      core.listNamespacedEvent({ namespace, fieldSelector: 'type=Warning' }),
    ]);
    const warnings = new Map(events.items.map((event) => [event.involvedObject.name, event.message ?? '']));
    const ofPods = await Promise.all(pods.items.map((pod) => causesOfPod(pod, cluster)));
    return describeCauses([
      ...claims.items.flatMap((claim) => causesOfClaim(claim, warnings)),
      ...ofPods.flat(),
      ...jobs.items.flatMap(causesOfJob),
      ...services.items.flatMap((service) => causesOfService(service, warnings)),
    ]);
  } catch (error) {
    return `  The cluster could not be asked why: ${reasonOf(error)}`;
  }
}

type Warnings = ReadonlyMap<string | undefined, string>;

function causesOfClaim({ metadata, spec, status }: V1PersistentVolumeClaim, warnings: Warnings): Cause[] {
  if (status?.phase === 'Bound') return [];
  const what = `volume claim ${metadata?.name}`;
  const why = warnings.get(metadata?.name) || 'has no volume';
  if (spec?.storageClassName === undefined) {
    const remedy =
      'The cluster has no default StorageClass: annotate one with storageclass.kubernetes.io/is-default-class=true.';
    return [{ what, why, remedy, root: true }];
  }
  // Most classes wait until a pod that uses the claim has a node.
  return [
    { what, why, remedy: `See \`kubectl -n ${metadata?.namespace} describe pvc ${metadata?.name}\`.`, root: false },
  ];
}

function causesOfJob({ metadata, status }: V1Job): Cause[] {
  const what = `job ${metadata?.name}`;
  if ((status?.succeeded ?? 0) > 0) return [];
  const failed = status?.conditions?.find((condition) => condition.type === 'Failed' && condition.status === 'True');
  const installs = metadata?.name?.endsWith('-install-packages') === true;
  const remedy = installs
    ? 'It waits for a healthy invoker, and downloads its catalog: nodes need a way to the Internet.'
    : `See \`kubectl -n ${metadata?.namespace} logs job/${metadata?.name}\`.`;
  if (failed !== undefined) return [{ what, why: failed.message ?? 'has failed', remedy, root: true }];
  return [{ what, why: 'is not complete', remedy, root: false }];
}

function causesOfService({ metadata, spec, status }: V1Service, warnings: Warnings): Cause[] {
  if (spec?.type !== 'LoadBalancer' || (status?.loadBalancer?.ingress?.length ?? 0) > 0) return [];
  const why = warnings.get(metadata?.name) || 'has no address yet';
  const remedy = 'The load balancer is not there: see the quota of addresses and forwarding rules of the project.';
  return [{ what: `service ${metadata?.name}`, why, remedy, root: why !== 'has no address yet' }];
}
