/** What a cluster still has of a namespace that is being removed. */
import type { V1Namespace, V1PersistentVolume, V1Service } from '@kubernetes/client-node';
import type { Cluster } from '../cluster/connect';
import { statusOf } from '../cluster/patient';

/** What is left, in lines for a user. */
export interface Leftovers {
  readonly all: readonly string[];
  /** Volumes that nothing will ever delete: reclaim policy `Retain`. */
  readonly kept: readonly string[];
}

/** Looks at volumes (disks are deleted after their claims), load balancers and the namespace itself. */
export async function findLeftovers(cluster: Cluster): Promise<Leftovers> {
  const { core, namespace } = cluster;
  const [every, services, itself] = await Promise.all([
    core.listPersistentVolume(),
    core.listNamespacedService({ namespace }),
    readNamespace(cluster),
  ]);
  const volumes = every.items.filter(({ spec }) => spec?.claimRef?.namespace === namespace);
  const balancers = services.items.filter(({ spec }) => spec?.type === 'LoadBalancer');
  const kept = volumes.filter(({ spec }) => spec?.persistentVolumeReclaimPolicy === 'Retain');
  return {
    all: [
      ...volumes.map(describeVolume),
      ...balancers.map(describeBalancer),
      ...(itself === undefined ? [] : [remains(itself)]),
    ],
    kept: kept.map(describeVolume),
  };
}

async function readNamespace({ core, namespace }: Cluster): Promise<V1Namespace | undefined> {
  try {
    return await core.readNamespace({ name: namespace });
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

function describeVolume({ metadata, spec, status }: V1PersistentVolume): string {
  const disk = diskOf(spec);
  const why = status?.message === undefined || status.message === '' ? '' : `, ${status.message}`;
  const commands = [`kubectl delete pv ${metadata?.name}`, ...(disk === undefined ? [] : [disk])];
  return `  - volume ${metadata?.name} of claim ${spec?.claimRef?.name} (${status?.phase}${why}): ${quote(commands)}`;
}

/** The command that removes the disk. Handles of Google's driver: kubernetes-sigs/gcp-compute-persistent-disk-csi-driver. */
function diskOf(spec: V1PersistentVolume['spec']): string | undefined {
  const handle = /^projects\/([^/]+)\/(zone|region)s\/([^/]+)\/disks\/([^/]+)$/.exec(spec?.csi?.volumeHandle ?? '');
  if (handle === null) return undefined;
  const [, project, kind, place, name] = handle;
  return `gcloud compute disks delete ${name} --${kind}=${place} --project=${project}`;
}

function describeBalancer({ metadata, status }: V1Service): string {
  const address = status?.loadBalancer?.ingress?.[0]?.ip;
  // GKE writes the Service's name into the description.
  const filter =
    address === undefined ? `description~${metadata?.namespace}/${metadata?.name}` : `IPAddress=${address}`;
  const commands = [
    `kubectl -n ${metadata?.namespace} delete service ${metadata?.name}`,
    `gcloud compute forwarding-rules list --filter="${filter}"`,
    'gcloud compute forwarding-rules delete NAME --region=REGION',
  ];
  return `  - load balancer of service ${metadata?.name}: ${quote(commands)}`;
}

function remains({ metadata, status }: V1Namespace): string {
  const reasons = (status?.conditions ?? []).filter((condition) => condition.status === 'True');
  const why = reasons.map(({ message }) => message).find((message) => message !== undefined);
  return `  - namespace ${metadata?.name} (${status?.phase}${why === undefined ? '' : `, ${why}`}): \`kubectl delete namespace ${metadata?.name}\``;
}

function quote(commands: readonly string[]): string {
  return commands.map((command) => `\`${command}\``).join(', ');
}
