/** Rules of Google's that a stack meets in an empty project: what is refused for a while, and what for good. */
import type { GoogleRequest, Json, Refused } from './google';
import { refuse, refuseByPolicy, refuseDisabled } from './refuse';

/** Policies that an organization can have. */
export type Policy = 'no-keys' | 'members-of-ours' | 'no-external-addresses';

/** How strict a played Google is. */
export interface Strictness {
  /** Milliseconds until a change holds everywhere: an API, a right, an account, a key. */
  readonly delay: number;
  /** Milliseconds, of any clock. */
  readonly now: () => number;
  readonly policies: readonly Policy[];
  /** Whether the project has a billing account. */
  readonly billing: boolean;
  /** Bucket names that others in the world have. */
  readonly taken: readonly string[];
  /** vCPU that the project may have. */
  readonly vcpus: number;
}

/** What organizations made since May 2024 have, in a project of a free trial, a minute after each change. */
export const NEW_ORGANIZATION: Strictness = {
  delay: 60_000,
  now: Date.now,
  policies: ['no-keys', 'members-of-ours'],
  billing: true,
  taken: ['ada-convert-in', 'ada-convert-out'],
  vcpus: 8,
};

/** Asked on the account of the caller's own project, unless a call names another. */
const OWN_ACCOUNT = ['serviceusage', 'cloudresourcemanager', 'cloudbilling', 'oauth2'];
/** Enabled in every project from its beginning, or not Google's. */
const ALWAYS = ['serviceusage', 'oauth2', 'registry-1'];
const AGENT = /^serviceAccount:service-\d+@/;

/** The rules at work: what has happened so far, and what is refused because of it. */
export class Rules {
  private readonly since = new Map<string, number>();

  constructor(private readonly strictness: Strictness) {}

  /** Notes that something is there, unless it was already. */
  note(what: string): void {
    if (!this.since.has(what)) this.since.set(what, this.strictness.now());
  }

  forget(what: string): void {
    this.since.delete(what);
  }

  /** Whether it is there, and holds everywhere. */
  holds(what: string): boolean {
    const since = this.since.get(what);
    return since !== undefined && this.strictness.now() - since >= this.strictness.delay;
  }

  /** Why a request is refused, whatever it asks; undefined when it is not. */
  judge({ method, host, path, body, headers }: GoogleRequest): Refused | undefined {
    const payer = String(headers['x-goog-user-project'] ?? '');
    if (host === 'billingbudgets' && payer === '')
      return refuse(
        403,
        `Your application is authenticating by using local Application Default Credentials. The ${host}.googleapis.com API requires a quota project, which is not set by default.`,
      );
    const counted = payer !== '' || !OWN_ACCOUNT.includes(host);
    if (counted && !ALWAYS.includes(host) && !this.holds(`api ${host}.googleapis.com`))
      return refuseDisabled(`${host}.googleapis.com`, payer === '' ? '123456789012' : payer);
    if (method !== 'POST') return undefined;
    if (host === 'serviceusage' && /nable$/.test(path) && !this.strictness.billing)
      return refuse(
        400,
        'Billing account for project 123456789012 is not found. Billing must be enabled for activation of service(s) to proceed. UREQ_PROJECT_BILLING_NOT_FOUND',
      );
    if (host === 'iam' && path.endsWith('/keys')) return this.judgeKey(path);
    if (host === 'storage' && path === 'b') return this.judgeName(String(body.name));
    return undefined;
  }

  private judgeKey(path: string): Refused | undefined {
    if (this.has('no-keys'))
      return refuseByPolicy(
        'iam.managed.disableServiceAccountKeyCreation',
        'Operation denied by org policy on resource: constraints/iam.managed.disableServiceAccountKeyCreation. Key creation is not allowed on this service account.',
      );
    const account = /serviceAccounts\/([^/]+)\/keys$/.exec(path)?.[1] ?? '';
    return this.holds(`account ${account}`) ? undefined : refuse(400, `Service account ${account} does not exist.`);
  }

  private judgeName(name: string): Refused | undefined {
    if (!this.strictness.taken.includes(name)) return undefined;
    return refuse(
      409,
      'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
    );
  }

  /** Why somebody cannot be given a right. @param hasCluster whether the project has a pool of identities */
  judgeMember(member: string, hasCluster: boolean): Refused | undefined {
    if (member === 'allUsers' && this.has('members-of-ours'))
      return refuseByPolicy(
        'iam.managed.allowedPolicyMembers',
        'Operation denied by org policy on resource: constraints/iam.managed.allowedPolicyMembers. One or more users named in the policy do not belong to a permitted customer.',
      );
    if (member.startsWith('principal://') && !hasCluster)
      return refuse(
        400,
        `Identity Pool does not exist (${/workloadIdentityPools\/([^/]+)/.exec(member)?.[1]}). Please check that you specified a valid resource name as returned in the \`name\` attribute in the configuration API.`,
      );
    if (!member.startsWith('serviceAccount:') || member.includes('.svc.id.goog[')) return undefined;
    const account = member.slice('serviceAccount:'.length);
    const there = AGENT.test(member) ? this.since.has(`account ${account}`) : this.holds(`account ${account}`);
    return there ? undefined : refuse(400, `Service account ${account} does not exist.`);
  }

  /** Why there can be no machines of a pool. @param vcpus of all machines with them */
  judgeMachines(vcpus: number, hasExternalAddress: boolean): Refused | undefined {
    if (hasExternalAddress && this.has('no-external-addresses'))
      return refuse(
        400,
        'Constraint constraints/compute.vmExternalIpAccess violated for project 123456789012. Add instance to the constraint to use external IP with it.',
      );
    if (vcpus <= this.strictness.vcpus) return undefined;
    return refuse(
      403,
      `Insufficient project quota to satisfy request: resource "CPUS_ALL_REGIONS": request requires '${vcpus}.0' and is short '${vcpus - this.strictness.vcpus}.0'.`,
    );
  }

  private has(policy: Policy): boolean {
    return this.strictness.policies.includes(policy);
  }
}

/** vCPU of a machine type: `e2-standard-4` has four; `e2-medium` two. */
export function countVcpus(pool: Json): number {
  const { machineType = 'e2-medium' } = Object(pool.config);
  const autoscaling = Object(pool.autoscaling);
  const count = Number(autoscaling.maxNodeCount ?? pool.initialNodeCount ?? 1);
  return count * Number(/-(\d+)$/.exec(String(machineType))?.[1] ?? 2);
}
