import type { CreateResult, UpdateResult } from '@pulumi/pulumi/dynamic';
import { type Clock, MINUTE, poll, systemClock } from '../cluster/clock';
import { type Cluster, type ClusterInputs, openCluster, patient } from '../cluster/connect';
import { diagnose } from '../diagnosis/diagnose';
import { ask, type Reply } from './request';

export interface OpenWhiskReadyInputs extends ClusterInputs {
  readonly release: string;
  readonly apihost: string;
  readonly auth: string;
  readonly caCertificate: string;
  readonly expectedAddress?: string;
  /** Minutes. */
  readonly timeout: number;
}

/** OpenWhisk remembers for five minutes that it does not know a key (`Identity` cache). */
const UNKNOWN_KEY = 6 * MINUTE;
const WRONG_CERTIFICATE = 2 * MINUTE;

/** Waits until OpenWhisk answers with the key. @throws Error naming what is at fault */
export async function create(inputs: OpenWhiskReadyInputs, clock: Clock = systemClock): Promise<CreateResult> {
  await ready(inputs, clock);
  return { id: inputs.apihost, outs: { ...inputs } };
}

/** As {@link create}. */
export async function update(
  _id: string,
  _olds: OpenWhiskReadyInputs,
  news: OpenWhiskReadyInputs,
  clock: Clock = systemClock,
): Promise<UpdateResult> {
  await ready(news, clock);
  return { outs: { ...news } };
}

async function ready(inputs: OpenWhiskReadyInputs, clock: Clock): Promise<void> {
  const cluster = openCluster(inputs);
  if (inputs.expectedAddress !== undefined) await checkAddress(inputs, inputs.expectedAddress, cluster, clock);
  await waitForAnswer(inputs, cluster, clock);
  if (inputs.expectedAddress !== undefined) await checkManagement(inputs);
}

/** A name of an address that does not exist is ignored in silence, and another address used: hence this look. */
async function checkAddress(
  { namespace, release, timeout }: OpenWhiskReadyInputs,
  expected: string,
  cluster: Cluster,
  clock: Clock,
): Promise<void> {
  const name = `${release}-nginx`;
  const request = patient(clock);
  const address = await poll(
    async () => {
      const service = await request(() => cluster.core.readNamespacedService({ name, namespace }));
      return service?.status?.loadBalancer?.ingress?.find(({ ip }) => ip !== undefined)?.ip;
    },
    timeout * MINUTE,
    clock,
  );
  if (address === expected) return;
  if (address === undefined) {
    throw new Error(`Service ${name} got no address within ${timeout} minutes:\n${await diagnose(cluster)}`);
  }
  throw new Error(
    `Service ${name} has the address ${address} instead of the reserved ${expected}: the cluster ignored the annotation ` +
      'networking.gke.io/load-balancer-ip-addresses, which counts only when the Service is created. Delete the Service ' +
      `(\`kubectl -n ${namespace} delete service ${name}\`) and run \`pulumi up\` again with \`--refresh\`.`,
  );
}

async function waitForAnswer(inputs: OpenWhiskReadyInputs, cluster: Cluster, clock: Clock): Promise<void> {
  const { apihost, auth, caCertificate, timeout } = inputs;
  let last: Reply = { kind: 'none', reason: 'it was not asked' };
  let since = clock.now();
  const answered = await poll(
    async () => {
      const reply = await ask({ url: `${apihost}/api/v1/namespaces`, auth, caCertificate });
      if (symptom(reply) !== symptom(last)) since = clock.now();
      last = reply;
      if (reply.kind === 'answer' && reply.status === 200) return true;
      const lasting = clock.now() - since;
      if (reply.kind === 'certificate' && lasting >= WRONG_CERTIFICATE)
        throw new Error(wrongCertificate(apihost, reply.reason));
      if (reply.kind === 'answer' && reply.status === 401 && lasting >= UNKNOWN_KEY) throw new Error(wrongKey(apihost));
      return undefined;
    },
    timeout * MINUTE,
    clock,
  );
  if (answered) return;
  throw new Error(
    `OpenWhisk does not answer at ${apihost} (${symptom(last)}) after ${timeout} minutes. In the cluster:\n${await diagnose(cluster)}`,
  );
}

function symptom(reply: Reply): string {
  return reply.kind === 'answer' ? `HTTP ${reply.status}` : reply.reason;
}

function wrongCertificate(apihost: string, reason: string): string {
  return (
    `The certificate of ${apihost} does not verify (${reason}). Something else answers at that address, or the Secret ` +
    '<release>-nginx was there before this stack: delete it, restart nginx and run `pulumi up` again.'
  );
}

function wrongKey(apihost: string): string {
  return (
    `OpenWhisk at ${apihost} does not know the key of this stack. It was installed with another one: its volumes are ` +
    'older than the state. `pulumi destroy`, delete the volume claims that are left, then `pulumi up`.'
  );
}

/** The gateway's management needs no key, so it must be closed to the world. */
async function checkManagement({ apihost, auth, caCertificate }: OpenWhiskReadyInputs): Promise<void> {
  const reply = await ask({ url: `${apihost}/v2/${auth.split(':')[0]}/apis`, caCertificate });
  if (reply.kind !== 'answer' || reply.status !== 200) return;
  throw new Error(
    `The API gateway's management answers at ${apihost}/v2 without a key: whoever knows the address could change the APIs. ` +
      'The cluster does not enforce network policies (Dataplane V2 on GKE does).',
  );
}
