import type { CreateResult, UpdateResult } from '@pulumi/pulumi/dynamic';
import { type Clock, MINUTE, poll, SECOND, systemClock } from '../cluster/clock';
import { type Cluster, type ClusterInputs, openCluster, patient } from '../cluster/connect';
import { diagnose } from '../diagnosis/diagnose';

export interface ReleaseWatchInputs extends ClusterInputs {
  readonly release: string;
  /** Minutes. */
  readonly timeout: number;
  readonly values: string;
}

/** Time for Helm to fetch the chart and to begin. */
const START = 3 * MINUTE;
/** Time for an upgrade to begin; after that, the revision that is there is taken for the one meant. */
const UPGRADE_START = 30 * SECOND;

/** Waits until the release is deployed. @throws Error that names what is at fault */
export async function create(inputs: ReleaseWatchInputs, clock: Clock = systemClock): Promise<CreateResult> {
  await watch(inputs, clock, 0);
  return { id: `${inputs.namespace}/${inputs.release}`, outs: { ...inputs } };
}

/** Waits for the upgrade, if the values changed. @throws Error that names what is at fault */
export async function update(
  _id: string,
  olds: ReleaseWatchInputs,
  news: ReleaseWatchInputs,
  clock: Clock = systemClock,
): Promise<UpdateResult> {
  if (olds.values !== news.values || olds.release !== news.release) {
    const before = await newestRevision(openCluster(news), news.release).catch(() => undefined);
    await watch(news, clock, before?.status === 'deployed' ? before.number : 0);
  }
  return { outs: { ...news } };
}

/** @param past a revision that was deployed before; a later one is waited for a while */
async function watch(inputs: ReleaseWatchInputs, clock: Clock, past: number): Promise<void> {
  const cluster = openCluster(inputs);
  const ask = patient(clock);
  const began = clock.now();
  const status = await poll(
    async () => {
      const revision = await ask(() => newestRevision(cluster, inputs.release));
      const elapsed = clock.now() - began;
      if (revision === undefined) return elapsed > START ? 'absent' : undefined;
      if (revision.number <= past && elapsed < UPGRADE_START) return undefined;
      return revision.status === 'deployed' || revision.status === 'failed' ? revision.status : undefined;
    },
    inputs.timeout * MINUTE,
    clock,
  );
  if (status === 'deployed') return;
  if (status === 'absent') {
    throw new Error(
      `The Helm release ${inputs.release} has not begun: its own error says why (a chart that cannot be downloaded, a right ` +
        'that is missing).',
    );
  }
  const how = status === 'failed' ? 'has failed' : `is not ready after ${inputs.timeout} minutes`;
  throw new Error(
    `OpenWhisk's release ${inputs.release} ${how}. At fault:\n${await diagnose(cluster)}\n` +
      'Mend that and run `pulumi up` again; if it only needs more time, set releaseTimeout.',
  );
}

interface Revision {
  readonly number: number;
  /** `pending-install`, `deployed`, `failed`, ... */
  readonly status: string | undefined;
}

/** Helm keeps each revision in a Secret, its status as a label (helm.sh/helm/v3, pkg/storage/driver/secrets.go). */
async function newestRevision({ core, namespace }: Cluster, release: string): Promise<Revision | undefined> {
  const { items } = await core.listNamespacedSecret({ namespace, labelSelector: `owner=helm,name=${release}` });
  const revisions = items.map(({ metadata }) => ({
    number: Number(metadata?.labels?.version ?? 0),
    status: metadata?.labels?.status,
  }));
  return revisions.sort((a, b) => b.number - a.number)[0];
}
