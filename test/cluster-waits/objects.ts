/** Objects as a cluster with OpenWhisk holds them, cut to what tells something. */
import type {
  CoreV1Event,
  V1ContainerStatus,
  V1Job,
  V1PersistentVolume,
  V1Pod,
  V1Secret,
  V1Service,
} from '@kubernetes/client-node';

export const NAMESPACE = 'openwhisk';

/** A record of Helm. The label modifiedAt is carried over from older records, as Helm does. */
export function revision(number: number, status: string, creationTimestamp?: Date): V1Secret {
  const labels = { owner: 'helm', name: 'openwhisk', version: `${number}`, status, modifiedAt: '1700000000' };
  const name = `sh.helm.release.v1.openwhisk.v${number}`;
  return { metadata: { name, namespace: NAMESPACE, labels, ...(creationTimestamp && { creationTimestamp }) } };
}

/** A pod that is not ready. */
export function pod(name: string, status: V1Pod['status'] = {}, more: Partial<V1Pod> = {}): V1Pod {
  return {
    metadata: { name, namespace: NAMESPACE, ...more.metadata },
    spec: { containers: [], ...more.spec },
    status: { phase: 'Pending', conditions: [{ type: 'Ready', status: 'False' }], ...status },
  };
}

/** An invoker that no node takes. */
export function unscheduledInvoker(message: string): V1Pod {
  const matchExpressions = [{ key: 'openwhisk-role', operator: 'In', values: ['invoker'] }];
  const required = { nodeSelectorTerms: [{ matchExpressions }] };
  return pod(
    'openwhisk-invoker-0',
    { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }] },
    {
      spec: {
        containers: [],
        affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } },
      },
    },
  );
}

export function node(role: string) {
  return { metadata: { name: `node-${role}`, labels: { 'openwhisk-role': role } } };
}

export function container(name: string, more: Partial<V1ContainerStatus> = {}): V1ContainerStatus {
  return { name, image: `example/${name}:1`, imageID: '', ready: false, restartCount: 0, ...more };
}

/** The Job that a release waits for, and its pod. */
export function installPackages(status: V1Pod['status']): { jobs: V1Job[]; pods: V1Pod[] } {
  const name = 'openwhisk-install-packages';
  const ownerReferences = [{ apiVersion: 'batch/v1', kind: 'Job', name, uid: '1' }];
  return {
    jobs: [{ metadata: { name, namespace: NAMESPACE }, status: { active: 1 } }],
    pods: [pod(`${name}-x1`, status, { metadata: { ownerReferences } })],
  };
}

export function event(kind: string, name: string, reason: string, message: string, type = 'Warning'): CoreV1Event {
  return {
    metadata: { name: `${name}.${reason}`, namespace: NAMESPACE },
    ...{ involvedObject: { kind, name }, reason, message, type, lastTimestamp: new Date('2026-11-23T00:00:00Z') },
  };
}

/** The Service of nginx. */
export function nginx(type: 'LoadBalancer' | 'NodePort', ip?: string): V1Service {
  const ingress = ip === undefined ? {} : { ingress: [{ ip }] };
  return {
    metadata: { name: 'openwhisk-nginx', namespace: NAMESPACE },
    spec: { type, ports: [{ port: 443, nodePort: 31001 }] },
    status: { loadBalancer: ingress },
  };
}

/** A volume of a claim in the namespace, on a disk of Google's. */
export function volume(name: string, reclaimPolicy = 'Delete', namespace = NAMESPACE): V1PersistentVolume {
  const volumeHandle = `projects/p/zones/europe-west1-b/disks/disk-${name}`;
  return {
    metadata: { name },
    spec: {
      persistentVolumeReclaimPolicy: reclaimPolicy,
      claimRef: { namespace, name: 'openwhisk-couchdb-pvc' },
      csi: { driver: 'pd.csi.storage.gke.io', volumeHandle },
    },
    status: { phase: 'Released' },
  };
}
