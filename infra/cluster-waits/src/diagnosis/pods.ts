/** What keeps pods from being ready. Reasons: https://kubernetes.io/docs/tasks/debug/debug-application/debug-pods/ */
import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import type { Cluster } from '../cluster/connect';
import type { Cause } from './cause';

const LOG_LINES = 5;

/** The causes of a pod that is neither ready nor done; none for one that is. */
export async function causesOfPod(pod: V1Pod, cluster: Cluster): Promise<Cause[]> {
  const phase = pod.status?.phase;
  const conditions = pod.status?.conditions ?? [];
  if (phase === 'Succeeded' || conditions.some(({ type, status }) => type === 'Ready' && status === 'True')) return [];
  const unscheduled = conditions.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  const what = `pod ${pod.metadata?.name}`;
  if (unscheduled !== undefined) return [unschedulable(what, unscheduled.message ?? 'no node takes it')];

  const init = pod.status?.initContainerStatuses ?? [];
  const containers = [...init, ...(pod.status?.containerStatuses ?? [])];
  const causes = await Promise.all(containers.map((status) => causeOfContainer(what, pod, status, cluster)));
  const known = causes.filter((cause) => cause !== undefined);
  if (known.length > 0) return known;
  const waiting = init.find(({ state }) => state?.running !== undefined);
  if (waiting !== undefined) {
    return [{ what, why: `waits (${waiting.name})`, remedy: 'It goes on when that is ready.', root: false }];
  }
  return [{ what, why: `is not ready (${phase ?? 'unknown'})`, remedy: logsOf(pod), root: false }];
}

function unschedulable(what: string, message: string): Cause {
  const remedy = /affinity|selector/.test(message)
    ? 'Invokers and actions run only on nodes with the label openwhisk-role=invoker: `kubectl label node NODE openwhisk-role=invoker`.'
    : /insufficient/i.test(message)
      ? 'No node has room: larger or more nodes (coreMachineType, invokerMachineType, invokerNodesMax), or a higher quota of the project.'
      : /persistentvolumeclaim/i.test(message)
        ? 'Its volume is not there: see the volume claim.'
        : 'See `kubectl get nodes` and `kubectl describe` of it.';
  return { what, why: message, remedy, root: true };
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
      why: `the image ${image} cannot be pulled (${waiting.message ?? waiting.reason})`,
      remedy: 'The nodes need a way to its registry: egress, an image that exists, and the right to read it.',
      root: true,
    };
  }
  const ended = state?.terminated ?? lastState?.terminated;
  if (ended === undefined || ended.exitCode === 0) {
    if (waiting?.reason?.startsWith('CreateContainer') !== true) return undefined;
    return { what, why: waiting.message ?? waiting.reason, remedy: logsOf(pod), root: true };
  }
  const log = await lastLines(pod, name, cluster);
  const how = ended.reason === 'OOMKilled' ? 'ran out of memory' : `ended with code ${ended.exitCode}`;
  return {
    what,
    why: `container ${name} ${how}${log === '' ? '' : `:\n      ${log}`}`,
    remedy: logsOf(pod),
    root: true,
  };
}

async function lastLines(pod: V1Pod, container: string, { core, namespace }: Cluster): Promise<string> {
  try {
    const name = pod.metadata?.name ?? '';
    const log = await core.readNamespacedPodLog({ name, namespace, container, tailLines: LOG_LINES });
    return log.trim().split('\n').join('\n      ');
  } catch {
    return '';
  }
}

function logsOf(pod: V1Pod): string {
  const { name, namespace } = pod.metadata ?? {};
  return `See \`kubectl -n ${namespace} describe pod ${name}\` and \`kubectl -n ${namespace} logs ${name} --all-containers\`.`;
}
