import { checkInputs } from '@pdfmagic/openwhisk/dynamic';
import type { CheckResult, CreateResult, UpdateResult } from '@pulumi/pulumi/dynamic';
import { z } from 'zod';
import { type Clock, MINUTE, poll, SECOND, systemClock } from '../cluster/clock';
import { clusterInputs, label, text } from '../cluster/cluster-inputs';
import { type Cluster, openCluster } from '../cluster/connect';
import { makePatient } from '../cluster/patient';
import { pickWorthTelling } from '../diagnosis/cause';
import { diagnose, findCauses } from '../diagnosis/diagnose';
import { findNewestRevision, type Revision, secretOf } from './revision';

const schema = z.strictObject({
  ...clusterInputs,
  release: label,
  values: text,
  /** How the time limit is raised, in words for a user. */
  moreTime: z.string().optional(),
});

/** Inputs of a release watch, as the provider receives them. The state keeps the same. */
export type ReleaseWatchInputs = Readonly<z.infer<typeof schema>>;

/** Time for Helm to fetch the chart and to begin; also to begin again after a failure. */
const START = 3 * MINUTE;
/** Time for an upgrade to begin; after that, what is deployed is taken for what was meant. */
const UPGRADE_START = 30 * SECOND;

/** Reports every bad input by name. */
export async function check(_olds: unknown, news: ReleaseWatchInputs): Promise<CheckResult<ReleaseWatchInputs>> {
  return checkInputs(schema, news);
}

/** Waits until the release is deployed. @throws Error that names what is at fault */
export async function create(inputs: ReleaseWatchInputs, clock: Clock = systemClock): Promise<CreateResult> {
  await watch(inputs, clock);
  return { id: `${inputs.namespace}/${inputs.release}`, outs: { ...inputs } };
}

/** Waits for the upgrade, if the values changed. @throws Error that names what is at fault */
export async function update(
  _id: string,
  olds: ReleaseWatchInputs,
  news: ReleaseWatchInputs,
  clock: Clock = systemClock,
): Promise<UpdateResult> {
  const same = (['values', 'release', 'namespace'] as const).every((name) => olds[name] === news[name]);
  if (!same) await watch(news, clock);
  return { outs: { ...news } };
}

type Outcome = 'deployed' | 'failed' | 'absent' | 'stuck';

async function watch(inputs: ReleaseWatchInputs, clock: Clock): Promise<void> {
  const { release, timeout, moreTime } = inputs;
  const cluster = openCluster(inputs);
  const ask = makePatient(clock, timeout * MINUTE);
  const tell = reportProgress(cluster, clock);
  const began = clock.now();
  let first: { readonly newest: Revision | undefined } | undefined;
  let last: Revision | undefined;
  const outcome = await poll(
    async () => {
      const answer = await ask(async () => ({ newest: await findNewestRevision(cluster, release) }));
      if (answer === undefined) return undefined;
      first ??= answer;
      last = answer.newest;
      const found = outcomeOf(first.newest, last, clock.now() - began, began - timeout * MINUTE);
      if (found === undefined) await tell(`Helm release ${release}: ${last?.status ?? 'not begun'}`);
      return found;
    },
    timeout * MINUTE,
    clock,
  );
  if (outcome === 'deployed') return;
  if (outcome === 'absent' || last === undefined) throw new Error(explainNotBegun(release));
  if (outcome === 'stuck') throw new Error(explainInterrupted(inputs, last));
  const how = outcome === 'failed' ? 'has failed' : `is still ${last.status} after ${timeout} minutes`;
  throw new Error(
    `The Helm release ${release} ${how}. At fault:\n${await diagnose(cluster)}\n` +
      `Fix that and run \`pulumi up\`; if it only needs more time, raise the time limit${moreTime === undefined ? '' : ` (${moreTime})`}.`,
  );
}

/**
 * @param first the newest revision when the watch began: one that was settled then is not what is being made now, unless
 *   nothing newer comes
 * @param elapsed milliseconds of the watch
 * @param tooOld a revision begun before this time is not worked on any more
 */
function outcomeOf(
  first: Revision | undefined,
  newest: Revision | undefined,
  elapsed: number,
  tooOld: number,
): Outcome | undefined {
  if (newest === undefined) return elapsed >= START ? 'absent' : undefined;
  const old = newest.number === first?.number && newest.status === first.status;
  if (newest.status === 'deployed') return old && elapsed < UPGRADE_START ? undefined : 'deployed';
  if (newest.status === 'failed') return old && elapsed < START ? undefined : 'failed';
  return old && newest.begun !== undefined && newest.begun < tooOld ? 'stuck' : undefined;
}

/** Once a minute tells what is waited for, if that is something new. */
function reportProgress(cluster: Cluster, clock: Clock): (state: string) => Promise<void> {
  let next = clock.now() + MINUTE;
  let reported = '';
  return async (state) => {
    if (clock.now() < next) return;
    next = clock.now() + MINUTE;
    const causes = pickWorthTelling(await findCauses(cluster).catch(() => []));
    const line = causes.map(({ what, why }) => `${what}: ${why.split('\n')[0]}`).join('; ');
    // By name: the scheduler says the same thing in changing order.
    const names = causes.map(({ what }) => what).join();
    if (line !== '' && names !== reported) clock.report(`${state}. Waiting for ${line}`);
    reported = names;
  };
}

function explainNotBegun(release: string): string {
  return (
    `The Helm release ${release} has not started after ${START / MINUTE} minutes: the error of the Release itself, below or ` +
    'above, says why (a chart that cannot be downloaded, a missing right). With `--parallel 1` it waits for this ' +
    'watch: leave that option out.'
  );
}

function explainInterrupted({ namespace, release }: ReleaseWatchInputs, revision: Revision): string {
  return (
    `The Helm release ${release} is ${revision.status} because an earlier run was interrupted; Helm refuses to continue from ` +
    `there. Remove that mark with \`kubectl -n ${namespace} delete secret ${secretOf(release, revision)}\`, then run ` +
    '`pulumi up`.'
  );
}
