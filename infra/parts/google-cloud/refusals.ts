/** What Google refuses for good, in its words, and what a user can do. `PROJECT` in a command is for the user to replace. */

interface Refusal {
  readonly words: RegExp;
  readonly remedy: string;
}

/** An administrator's command that lifts one constraint for a project; managed constraints are known to `gcloud org-policies` alone. */
function exempt(constraint: string): string {
  return (
    `printf 'name: projects/PROJECT/policies/${constraint}\\nspec: {rules: [{enforce: false}]}\\n' > policy.yaml && ` +
    'gcloud org-policies set-policy policy.yaml'
  );
}

const REFUSALS: readonly Refusal[] = [
  {
    words: /GCE_STOCKOUT|ZONE_RESOURCE_POOL_EXHAUSTED|does not have enough resources available to fulfill the request/,
    remedy:
      'The zone has no free machine of this type right now. Choose another zone of the region, or another type: `pulumi ' +
      'config set zone ZONE` (`gcloud compute zones list` lists them), or `pulumi config set invokerMachineType ' +
      'n2-standard-4`. Then run `pulumi up`. A new zone means a new cluster.',
  },
  {
    words: /compute\.vmExternalIpAccess/,
    remedy:
      'Your organization does not allow external addresses for machines (policy constraints/compute.vmExternalIpAccess). `pulumi ' +
      'config set privateNodes true` creates nodes without one, behind a NAT gateway (about 0.006 USD an hour and 0.045 per ' +
      'GiB). Then run `pulumi up`.',
  },
  {
    words: /CPUS_ALL_REGIONS|Insufficient (regional|project) quota|Quota '[\w-]+' exceeded|QUOTA_EXCEEDED/,
    remedy:
      "The project has reached a quota; Google's message names it. A free trial has 8 vCPU in all: leave " +
      'coreMachineType unset and invokerNodesMax at 1. Ask for more at ' +
      'https://console.cloud.google.com/iam-admin/quotas (upgrade a free trial first).',
  },
  {
    words:
      /BILLING_DISABLED|billing (account|to be enabled)|Billing must be enabled|UREQ_PROJECT_BILLING_NOT_(FOUND|OPEN)/,
    remedy:
      'The project has no billing account, and Google creates nothing that costs money without one. Link one: `gcloud billing ' +
      'projects link PROJECT --billing-account=XXXXXX-XXXXXX-XXXXXX`.',
  },
  {
    words: /requested bucket name is not available|You already own this bucket/,
    remedy:
      'Bucket names are unique worldwide, and this one is taken. Choose others: `pulumi config set inBucket NAME` and ' +
      '`pulumi config set outBucket NAME`. Or run `pulumi config rm inBucket` and `pulumi config rm outBucket`: the stack then ' +
      'chooses unique names.',
  },
  {
    words: /iam\.(managed\.)?allowedPolicyMember|do(es)? not belong to a permitted customer/,
    remedy:
      'Your organization does not grant rights to accounts outside it (policy constraints/iam.managed.allowedPolicyMembers, or ' +
      'the older iam.allowedPolicyMemberDomains). Ask an administrator to run: ' +
      `\`${exempt('iam.managed.allowedPolicyMembers')}\`, or, for the older one, \`gcloud resource-manager org-policies ` +
      'delete iam.allowedPolicyMemberDomains --project=PROJECT`.',
  },
  {
    words: /run\.managed\.requireInvokerIam|invoker_iam_disabled|invokerIamDisabled/,
    remedy:
      'Your organization does not allow public Cloud Run services (policy ' +
      'constraints/run.managed.requireInvokerIam). Two ways out:\n  - ask an administrator to run: ' +
      `\`${exempt('run.managed.requireInvokerIam')}\`;\n  - \`pulumi config set publicApi false\`: then callers need the ` +
      'role run.invoker, and send `gcloud auth print-identity-token` as a bearer token.',
  },
];

const KEY_REFUSAL = /iam\.(managed\.)?disableServiceAccountKeyCreation|Key creation is not allowed/i;

/** What a user can do about a refusal; undefined when `error` is about something else. */
export function explainRefusal(error: string): string | undefined {
  return REFUSALS.find(({ words }) => words.test(error))?.remedy;
}

/**
 * What a user can do about a refused key; undefined when `error` is about something else.
 * @param instead the way without this key, as a clause
 */
export function explainKeyRefusal(error: string, instead: string): string | undefined {
  if (!KEY_REFUSAL.test(error)) return undefined;
  return (
    'Your organization forbids keys of service accounts (policy constraints/iam.managed.disableServiceAccountKeyCreation, or ' +
    `the older iam.disableServiceAccountKeyCreation). Two ways out:\n  - ${instead};\n  - ask an administrator (role ` +
    `Organization Policy Administrator) to run both: \`${exempt('iam.managed.disableServiceAccountKeyCreation')}\` ` +
    'and `gcloud resource-manager org-policies disable-enforce iam.disableServiceAccountKeyCreation --project=PROJECT`.'
  );
}
