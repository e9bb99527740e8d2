import { checkInputs } from '@pdfmagic/openwhisk/dynamic';
import type { CheckResult, CreateResult, UpdateResult } from '@pulumi/pulumi/dynamic';
import { z } from 'zod';
import { type Clock, MINUTE, poll, systemClock } from '../cluster/clock';
import { type ClusterInputs, clusterInputs } from '../cluster/cluster-inputs';
import { openCluster } from '../cluster/connect';
import { makePatient, UnreachableError } from '../cluster/patient';
import { findLeftovers } from './leftovers';

/** Reports every bad input by name. */
export async function check(_olds: unknown, news: ClusterInputs): Promise<CheckResult<ClusterInputs>> {
  return checkInputs(z.strictObject(clusterInputs), news);
}

/** Keeps the inputs for the day of deletion. */
export async function create(inputs: ClusterInputs): Promise<CreateResult> {
  return { id: inputs.namespace, outs: { ...inputs } };
}

/** As {@link create}. */
export async function update(_id: string, _olds: ClusterInputs, news: ClusterInputs): Promise<UpdateResult> {
  return { outs: { ...news } };
}

/** Waits until nothing that costs is left of the namespace. @throws Error naming what is left, and how to remove it */
async function remove(_id: string, inputs: ClusterInputs, clock: Clock = systemClock): Promise<void> {
  const left = await waitForEmpty(inputs, clock).catch((error: unknown) => {
    throw error instanceof UnreachableError ? new Error(explainUnreachable(inputs, error.message)) : error;
  });
  if (left.length === 0) return;
  throw new Error(
    `After ${inputs.timeout} minutes, the cluster still has these of namespace ${inputs.namespace}:\n${left.join('\n')}\n` +
      'Nothing else was deleted, because these would remain and cost money. Remove them with the commands above, then ' +
      'run `pulumi destroy`.',
  );
}

/** What is left at the end, in lines for a user. */
async function waitForEmpty(inputs: ClusterInputs, clock: Clock): Promise<readonly string[]> {
  const cluster = openCluster(inputs);
  const ask = makePatient(clock, inputs.timeout * MINUTE);
  let left: readonly string[] = ['  - it did not answer, so what is left is not known'];
  await poll(
    async () => {
      const found = await ask(() => findLeftovers(cluster));
      if (found === undefined) return undefined;
      if (found.kept.length > 0) throw new Error(explainRetained(found.kept));
      left = found.all;
      return left.length === 0 ? true : undefined;
    },
    inputs.timeout * MINUTE,
    clock,
  );
  return left;
}

function explainRetained(kept: readonly string[]): string {
  return (
    `These volumes are not deleted with their claims (reclaim policy Retain), and their disks cost money:\n${kept.join('\n')}\n` +
    'Save what you need of them, delete them with these commands, then run `pulumi destroy`.'
  );
}

function explainUnreachable({ namespace }: ClusterInputs, reason: string): string {
  return (
    `It is not known whether the volumes of namespace ${namespace} are gone: ${reason}. If the cluster is only out of reach, run ` +
    '`pulumi destroy` when this machine reaches it. If it was deleted already, look for its disks and load balancers (' +
    '`gcloud compute disks list`, `gcloud compute forwarding-rules list`), then remove what was in it from the state: `pulumi refresh` with ' +
    'PULUMI_K8S_DELETE_UNREACHABLE=true, `pulumi state delete URN` with the URN of this resource, and `pulumi destroy`.'
  );
}

export { remove as delete };
