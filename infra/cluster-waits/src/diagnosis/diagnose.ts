/** Looks at everything in a namespace and says what is at fault. */
import type { V1Node, V1Pod } from '@kubernetes/client-node';
import type { Cluster } from '../cluster/connect';
import { reasonOf } from '../cluster/patient';
import { type Cause, describeCauses } from './cause';
import { Events } from './events';
import { causesOfPod } from './pods';
import { causeOfJob, causesOfClaim, causesOfService, isComplete } from './workloads';

/** What keeps the namespace from being ready, in lines for a user. Never throws: the error it explains is the one to show. */
export async function diagnose(cluster: Cluster): Promise<string> {
  try {
    return describeCauses(await findCauses(cluster));
  } catch (error) {
    return `  The cluster could not be asked why: ${reasonOf(error)}`;
  }
}

/** What keeps the namespace from being ready; empty when all is. @throws Error of the client when it cannot be asked */
export async function findCauses(cluster: Cluster): Promise<Cause[]> {
  const { core, batch, namespace } = cluster;
  const [pods, jobs, claims, services, list, nodes] = await Promise.all([
    core.listNamespacedPod({ namespace }),
    batch.listNamespacedJob({ namespace }),
    core.listNamespacedPersistentVolumeClaim({ namespace }),
    core.listNamespacedService({ namespace }),
    core.listNamespacedEvent({ namespace }),
    nodesOf(cluster),
  ]);
  const events = new Events(list.items);
  const complete = new Set(jobs.items.filter(isComplete).map(({ metadata }) => metadata?.name));
  const relevant = pods.items.filter((pod) => !complete.has(jobOf(pod)) && !isReplaced(pod));
  const ofPods = await Promise.all(relevant.map((pod) => causesOfPod(pod, { cluster, events, nodes })));
  const ofJobs = await Promise.all(
    jobs.items.filter((job) => !isComplete(job)).map((job) => causeOfJob(job, podsOf(job.metadata?.name), cluster)),
  );
  return [
    ...findNodesAtFault(nodes ?? [], relevant),
    ...claims.items.flatMap((claim) => causesOfClaim(claim, events)),
    ...findRefusals(events, pods.items),
    ...ofPods.flat(),
    ...ofJobs,
    ...services.items.flatMap((service) => causesOfService(service, events)),
  ];

  function podsOf(job: string | undefined): V1Pod[] {
    return relevant.filter((pod) => jobOf(pod) === job);
  }
}

/** Undefined when the caller may not see the nodes. */
async function nodesOf({ core }: Cluster): Promise<readonly V1Node[] | undefined> {
  try {
    return (await core.listNode()).items;
  } catch {
    return undefined;
  }
}

/** Nodes that hold pods of the namespace and do not answer: taken away (spot), or not up yet. */
function findNodesAtFault(nodes: readonly V1Node[], pods: readonly V1Pod[]): Cause[] {
  const used = new Set(pods.map(({ spec }) => spec?.nodeName));
  return nodes.flatMap(({ metadata, status }) => {
    const ready = status?.conditions?.find(({ type }) => type === 'Ready');
    if (!used.has(metadata?.name) || ready === undefined || ready.status === 'True') return [];
    const why = `is not ready (${ready.message ?? ready.reason ?? ready.status})`;
    const remedy = `Its pods wait for it. See \`kubectl describe node ${metadata?.name}\`; a cloud replaces such a node after some minutes.`;
    return [{ what: `node ${metadata?.name}`, why, remedy, root: true }];
  });
}

/** The Job a pod belongs to. */
function jobOf({ metadata }: V1Pod): string | undefined {
  return metadata?.ownerReferences?.find(({ kind }) => kind === 'Job')?.name;
}

/** A failed pod (evicted, or its spot node taken away) gets a successor, except one of a Job, whose failures count. */
function isReplaced(pod: V1Pod): boolean {
  return pod.metadata?.deletionTimestamp !== undefined || (pod.status?.phase === 'Failed' && jobOf(pod) === undefined);
}

/** Quotas and admission rules turn pods away before there is one to look at. */
function findRefusals(events: Events, pods: readonly V1Pod[]): Cause[] {
  const owners = new Set(pods.flatMap(({ metadata }) => metadata?.ownerReferences?.map(({ name }) => name) ?? []));
  return events
    .refusedOwners()
    .filter(({ name }) => !owners.has(name))
    .map(({ kind, name, why }) => ({
      what: `${kind} ${name}`,
      why: `has no pod: ${why}`,
      remedy: /quota/i.test(why)
        ? 'Raise the ResourceQuota of the namespace, or remove it.'
        : 'A rule of the cluster refuses its pods. See the message, and ask whoever runs the cluster.',
      root: true,
    }));
}
