import type { V1PersistentVolume } from '@kubernetes/client-node';
import type { CreateResult, UpdateResult } from '@pulumi/pulumi/dynamic';
import { type Clock, MINUTE, poll, systemClock } from '../cluster/clock';
import { type Cluster, type ClusterInputs, openCluster, patient, UnreachableError } from '../cluster/connect';

export interface VolumesGoneInputs extends ClusterInputs {
  /** Minutes. */
  readonly timeout: number;
}

/** Keeps the inputs for the day of deletion. */
export async function create(inputs: VolumesGoneInputs): Promise<CreateResult> {
  return { id: inputs.namespace, outs: { ...inputs } };
}

export async function update(_id: string, _olds: VolumesGoneInputs, news: VolumesGoneInputs): Promise<UpdateResult> {
  return { outs: { ...news } };
}

/** Waits until nothing that costs is left of the namespace. @throws Error naming what is left, and how to remove it */
async function remove(_id: string, inputs: VolumesGoneInputs, clock: Clock = systemClock): Promise<void> {
  const cluster = openCluster(inputs);
  const ask = patient(clock);
  let left: string[] = [];
  try {
    const gone = await poll(
      async () => {
        const found = await ask(() => leftovers(cluster));
        if (found === undefined) return undefined;
        left = found;
        return found.length === 0 ? true : undefined;
      },
      inputs.timeout * MINUTE,
      clock,
    );
    if (gone) return;
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    throw new Error(
      `Whether the volumes of namespace ${inputs.namespace} are gone is not known: ${error.message}. If the cluster is gone ` +
        'already, look for its disks (`gcloud compute disks list`), then take this resource out of the state: `pulumi state ' +
        'delete URN`, with the URN above.',
    );
  }
  throw new Error(
    `After ${inputs.timeout} minutes the cluster still has, of namespace ${inputs.namespace}:\n${left.join('\n')}\n` +
      'Nothing further was deleted, since these would stay and cost. Run `pulumi destroy` again, or remove them by hand first.',
  );
}

async function leftovers({ core, namespace }: Cluster): Promise<string[]> {
  const volumes = (await core.listPersistentVolume()).items.filter(
    ({ spec }) => spec?.claimRef?.namespace === namespace,
  );
  const kept = volumes.filter(({ spec }) => spec?.persistentVolumeReclaimPolicy === 'Retain');
  if (kept.length > 0) {
    throw new Error(
      `These volumes are not deleted with their claims (reclaim policy Retain):\n${kept.map(describe).join('\n')}\n` +
        'Delete them by hand (`kubectl delete pv NAME`, and the disk behind it), then run `pulumi destroy` again.',
    );
  }
  const services = (await core.listNamespacedService({ namespace })).items.filter(
    ({ spec }) => spec?.type === 'LoadBalancer',
  );
  return [
    ...volumes.map(describe),
    ...services.map(({ metadata }) => `  - load balancer of service ${metadata?.name}`),
  ];
}

function describe({ metadata, spec }: V1PersistentVolume): string {
  const disk = spec?.csi?.volumeHandle?.split('/').at(-1);
  return `  - volume ${metadata?.name}${disk === undefined ? '' : ` (\`gcloud compute disks delete ${disk}\`)`}`;
}

export { remove as delete };
