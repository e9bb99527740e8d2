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
      'The zone has no machine of this type to give right now. Take another zone of the region, or another type: `pulumi ' +
      'config set zone europe-west1-c` (`gcloud compute zones list` has them all), or `pulumi config set invokerMachineType ' +
      'n2-standard-4`. A zone that is changed makes the cluster anew.',
  },
  {
    words: /compute\.vmExternalIpAccess/,
    remedy:
      'Your organization allows no machine an external address (policy constraints/compute.vmExternalIpAccess). `pulumi ' +
      'config set privateNodes true` makes nodes without one, and a NAT gateway for them, which costs some 0.006 USD an hour, and 0.045 per GiB.',
  },
  {
    words: /CPUS_ALL_REGIONS|Insufficient (regional|project) quota|Quota '[\w-]+' exceeded|QUOTA_EXCEEDED/,
    remedy:
      "The project may not have so much at a time: Google's message names the quota. A free trial has 8 vCPU in all: leave " +
      'coreMachineType unset and invokerNodesMax at 1. To get more, ask at ' +
      'https://console.cloud.google.com/iam-admin/quotas (a trial has to be upgraded first).',
  },
  {
    words:
      /BILLING_DISABLED|billing (account|to be enabled)|Billing must be enabled|UREQ_PROJECT_BILLING_NOT_(FOUND|OPEN)/,
    remedy:
      'The project has no billing account, without which Google gives nothing that could cost. Link one: `gcloud billing ' +
      'projects link PROJECT --billing-account=XXXXXX-XXXXXX-XXXXXX`.',
  },
  {
    words: /requested bucket name is not available|You already own this bucket/,
    remedy:
      'Bucket names are shared by the whole world, and this one is taken. Take others: `pulumi config set inBucket NAME` and ' +
      '`pulumi config set outBucket NAME`; or unset both, and the stack makes names that nobody else has.',
  },
  {
    words: /iam\.(managed\.)?allowedPolicyMember|do(es)? not belong to a permitted customer/,
    remedy:
      'Your organization lets nobody outside of it have rights (policy constraints/iam.managed.allowedPolicyMembers, or the ' +
      'older iam.allowedPolicyMemberDomains). An administrator exempts this project: ' +
      `\`${exempt('iam.managed.allowedPolicyMembers')}\`, or, for the older one, \`gcloud resource-manager org-policies ` +
      'delete iam.allowedPolicyMemberDomains --project=PROJECT`.',
  },
  {
    words: /run\.managed\.requireInvokerIam|invoker_iam_disabled|invokerIamDisabled/,
    remedy:
      'Your organization lets no Cloud Run service do without a check of its callers (policy ' +
      'constraints/run.managed.requireInvokerIam). Two ways out:\n  - an administrator exempts this project: ' +
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
    `the older iam.disableServiceAccountKeyCreation). Two ways out:\n  - ${instead};\n  - an administrator (role ` +
    `Organization Policy Administrator) exempts this project from both: \`${exempt('iam.managed.disableServiceAccountKeyCreation')}\` ` +
    'and `gcloud resource-manager org-policies disable-enforce iam.disableServiceAccountKeyCreation --project=PROJECT`.'
  );
}
