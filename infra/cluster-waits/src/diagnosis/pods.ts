/** What keeps pods from being ready. Reasons: https://kubernetes.io/docs/tasks/debug/debug-application/debug-pods/ */
import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import type { Cluster } from '../cluster/connect';
import type { Cause } from './cause';
import { readLastLines } from './log';
import { explainUnschedulable, type Surroundings } from './scheduling';

/** The causes of a pod that is neither ready nor done; none for one that is. */
export async function causesOfPod(pod: V1Pod, { cluster, events, nodes }: Surroundings): Promise<Cause[]> {
  const phase = pod.status?.phase;
  const conditions = pod.status?.conditions ?? [];
  if (phase === 'Succeeded' || conditions.some(({ type, status }) => type === 'Ready' && status === 'True')) return [];
  const refused = conditions.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  if (refused !== undefined)
    return [explainUnschedulable(pod, refused.message ?? 'No node accepts it.', { cluster, events, nodes })];

  const what = `pod ${pod.metadata?.name}`;
  const init = pod.status?.initContainerStatuses ?? [];
  const containers = [...init, ...(pod.status?.containerStatuses ?? [])];
  const causes = await Promise.all(containers.map((status) => causeOfContainer(what, pod, status, cluster)));
  const known = causes.filter((cause) => cause !== undefined);
  if (known.length > 0) return known;
  const mount = events.about('Pod', pod.metadata?.name, 'FailedMount', 'FailedAttachVolume', 'FailedCreatePodSandBox');
  if (mount !== undefined && phase === 'Pending') return [{ what, why: mount, remedy: describeOf(pod), root: true }];
  const waiting = init.find(({ state }) => state?.running !== undefined);
  if (waiting !== undefined) {
    return [{ what, why: `waits (${waiting.name})`, remedy: 'It continues when that is ready.', root: false }];
  }
  const probe = events.about('Pod', pod.metadata?.name, 'Unhealthy');
  const why = `is not ready (${probe ?? phase ?? 'unknown'})`;
  return [{ what, why, remedy: describeOf(pod), root: false }];
}

async function causeOfContainer(
  what: string,
  pod: V1Pod,
  { name, image, state, lastState }: V1ContainerStatus,
  cluster: Cluster,
): Promise<Cause | undefined> {
  const waiting = state?.waiting;
  if (waiting?.reason !== undefined && /^(ErrImage|ImagePull|InvalidImageName)/.test(waiting.reason)) {
    return {
      what,
      why: `${waiting.reason}: the image ${image} cannot be pulled (${waiting.message ?? 'no reason given'})`,
      remedy:
        'Does the image exist? Can the nodes reach its registry (egress), and may they read it?' +
        (isOfDockerHub(image)
          ? ' Docker Hub also limits the pulls of an address: set `imageMirror` to a mirror of it.'
          : ''),
      root: true,
    };
  }
  const crashing = waiting?.reason === 'CrashLoopBackOff';
  const ended = state?.terminated ?? lastState?.terminated;
  if (ended !== undefined && (ended.exitCode !== 0 || crashing) && state?.running === undefined) {
    const log = await readLastLines(pod, name, cluster);
    const outOfMemory = ended.reason === 'OOMKilled';
    const how = outOfMemory ? 'ran out of memory (OOMKilled)' : `ended with code ${ended.exitCode}`;
    return {
      what,
      why: `container ${name} ${how}${crashing ? ' again and again (CrashLoopBackOff)' : ''}${log === '' ? '' : `:\n      ${log}`}`,
      remedy: outOfMemory ? `It needs more memory, on a larger node. ${describeOf(pod)}` : describeOf(pod),
      root: true,
    };
  }
  if (waiting?.reason?.startsWith('CreateContainer') === true) {
    return {
      what,
      why: `${waiting.reason}: ${waiting.message ?? 'no reason given'}`,
      remedy: describeOf(pod),
      root: true,
    };
  }
  return undefined;
}

/** Whether an image's name has no registry, or Docker Hub's. */
function isOfDockerHub(image: string): boolean {
  return /^(docker\.io\/|[^.:/]+\/|[^/]+$)/.test(image);
}

function describeOf({ metadata: { name, namespace } = {} }: V1Pod): string {
  return `See \`kubectl -n ${namespace} describe pod ${name}\` and \`kubectl -n ${namespace} logs ${name} --all-containers\`.`;
}
