import { checkInputs } from '@pdfmagic/openwhisk/dynamic';
import type { CheckResult, CreateResult, UpdateResult } from '@pulumi/pulumi/dynamic';
import { z } from 'zod';
import { type Clock, MINUTE, poll, systemClock } from '../cluster/clock';
import { clusterInputs, label, text } from '../cluster/cluster-inputs';
import { type Cluster, openCluster } from '../cluster/connect';
import { diagnose } from '../diagnosis/diagnose';
import { ask, type Reply } from './ask-openwhisk';
import { checkManagement } from './management';
import { addressOf, describeService, expectAddress, readService } from './nginx-service';

const URL_RULE = 'must be https://HOST or https://HOST:PORT';

const schema = z.strictObject({
  ...clusterInputs,
  release: label,
  apihost: z.string(URL_RULE).refine(isHttpsHost, URL_RULE),
  auth: z.string('must be UUID:KEY').regex(/^[^:\s]+:\S+$/, 'must be UUID:KEY'),
  caCertificate: text,
  expectedAddress: text.optional(),
});

/** Inputs of the wait, as the provider receives them. The state keeps the same, and the address. */
export type OpenWhiskReadyInputs = Readonly<z.infer<typeof schema>>;

/** OpenWhisk remembers for five minutes that it does not know a key (`Identity` cache). */
const UNKNOWN_KEY = 6 * MINUTE;
const WRONG_CERTIFICATE = 2 * MINUTE;

/** Reports every bad input by name. */
export async function check(_olds: unknown, news: OpenWhiskReadyInputs): Promise<CheckResult<OpenWhiskReadyInputs>> {
  return checkInputs(schema, news);
}

/** Waits until OpenWhisk answers with the key. @throws Error naming what is at fault */
export async function create(inputs: OpenWhiskReadyInputs, clock: Clock = systemClock): Promise<CreateResult> {
  return { id: inputs.apihost, outs: await waitUntilReady(inputs, clock) };
}

/** As {@link create}. */
export async function update(
  _id: string,
  _olds: OpenWhiskReadyInputs,
  news: OpenWhiskReadyInputs,
  clock: Clock = systemClock,
): Promise<UpdateResult> {
  return { outs: await waitUntilReady(news, clock) };
}

async function waitUntilReady(
  inputs: OpenWhiskReadyInputs,
  clock: Clock,
): Promise<OpenWhiskReadyInputs & { address?: string }> {
  const { apihost, auth, caCertificate, expectedAddress, release, timeout } = inputs;
  const cluster = openCluster(inputs);
  const name = `${release}-nginx`;
  const end = clock.now() + timeout * MINUTE;
  if (expectedAddress !== undefined) await expectAddress(cluster, name, expectedAddress, end, clock);
  await waitForAnswer(inputs, cluster, end, clock);
  const [tenant = ''] = auth.split(':');
  await checkManagement({ apihost, caCertificate, tenant, isPublic: expectedAddress !== undefined }, clock);
  const service = await readService(cluster, name).catch(() => undefined);
  const address = expectedAddress ?? addressOf(service);
  return address === undefined ? { ...inputs } : { ...inputs, address };
}

async function waitForAnswer(inputs: OpenWhiskReadyInputs, cluster: Cluster, end: number, clock: Clock): Promise<void> {
  const { apihost, auth, caCertificate, release, timeout } = inputs;
  let last: Reply = { kind: 'none', reason: 'it was not asked' };
  let since = clock.now();
  const answered = await poll(
    async () => {
      const reply = await ask({ url: `${apihost}/api/v1/namespaces`, auth, caCertificate });
      if (symptomOf(reply) !== symptomOf(last)) since = clock.now();
      last = reply;
      if (isStatus(reply, 200)) return true;
      const lasting = clock.now() - since;
      const lost =
        (reply.kind === 'certificate' && lasting >= WRONG_CERTIFICATE) ||
        (isStatus(reply, 401) && lasting >= UNKNOWN_KEY);
      return lost ? false : undefined;
    },
    end - clock.now(),
    clock,
  );
  if (answered) return;
  // Assigned in the closure, which the compiler does not follow.
  const reply = last as Reply;
  if (reply.kind === 'certificate') throw new Error(explainWrongCertificate(inputs, reply.reason));
  if (isStatus(reply, 401)) throw new Error(explainWrongKey(apihost));
  throw new Error(
    `OpenWhisk does not answer at ${apihost} after ${timeout} minutes: ${symptomOf(reply)}. ${meaningOf(reply)}\n` +
      `In the cluster:\n${await describeServiceInWords(cluster, `${release}-nginx`)}\n${await diagnose(cluster)}`,
  );
}

function isHttpsHost(url: string): boolean {
  return /^https:\/\//.test(url) && URL.canParse(url) && new URL(url).pathname === '/';
}

function isStatus(reply: Reply, status: number): boolean {
  return reply.kind === 'answer' && reply.status === status;
}

function symptomOf(reply: Reply): string {
  return reply.kind === 'answer' ? `HTTP ${reply.status}` : reply.reason;
}

function meaningOf(reply: Reply): string {
  if (reply.kind === 'answer') return 'Something answers there, but not as OpenWhisk does with its key.';
  if (/ECONNREFUSED/.test(reply.reason)) return 'Nothing listens there: is it the right host and port?';
  if (/ENOTFOUND|EAI_AGAIN/.test(reply.reason)) return 'The name has no address: set its DNS record.';
  return 'Is it the right address, and does a firewall let this machine through?';
}

async function describeServiceInWords(cluster: Cluster, name: string): Promise<string> {
  try {
    return describeService(name, await readService(cluster, name));
  } catch {
    return `  - service ${name}: cannot be read`;
  }
}

function explainWrongCertificate({ apihost, namespace, release }: OpenWhiskReadyInputs, reason: string): string {
  return (
    `The certificate of ${apihost} does not verify (${reason}). Either something else answers at that address, or nginx has ` +
    `another certificate than this stack made: \`kubectl -n ${namespace} rollout restart deployment ${release}-nginx\`, then ` +
    `\`pulumi up\`. (The Secret ${release}-nginx holds it.)`
  );
}

function explainWrongKey(apihost: string): string {
  return (
    `OpenWhisk at ${apihost} answers 401: it does not know the key of this stack's state, so another one was installed. The ` +
    'chart writes keys into CouchDB once, and its volumes are older than the state. Bring the old state back (`pulumi stack ' +
    'export --version N | pulumi stack import`), or reinstall: `pulumi destroy`, delete the volume claims that are left, ' +
    '`pulumi up`.'
  );
}
