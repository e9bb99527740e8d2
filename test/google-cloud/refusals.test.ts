import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import program from '../../index';
import { explainKeyRefusal, explainRefusal } from '../../infra/parts/google-cloud/refusals';
import { answers } from '../program/answers';
import { record } from '../program/recording';
import { becomeReady } from '../program/student-machine';

let leave: () => void;
beforeEach(() => {
  leave = becomeReady();
});
afterEach(() => leave());

const CLOUD_RUN = { student: 'ada', target: 'gke', platform: 'cloudrun', project: 'ada-lab-123456' };

async function refusal(config: Readonly<Record<string, string>>): Promise<string> {
  try {
    await record(program, config, answers);
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe('before anything is made on Cloud Run', () => {
  test('Docker must have a login for the registry, unless the image is ready', async () => {
    process.env.DOCKER_CONFIG = '/nowhere';
    const text = await refusal(CLOUD_RUN);
    expect(text).toContain('not ready for platform cloudrun; nothing was created');
    expect(text).toContain('gcloud auth configure-docker europe-west1-docker.pkg.dev');
    expect(await refusal({ ...CLOUD_RUN, image: 'ada/convert:1' })).toBe('');
  });

  test('there must be Google credentials', async () => {
    delete process.env.GOOGLE_OAUTH_ACCESS_TOKEN;
    process.env.CLOUDSDK_CONFIG = '/nowhere';
    const text = await refusal({ ...CLOUD_RUN, image: 'ada/convert:1' });
    expect(text).toContain('gcloud auth application-default login');
    expect(text).not.toContain('docker');
  });
});

/** What Google says, as those whom it happened to quote it; and what our words have to name. */
const REFUSALS: readonly (readonly [what: string, googles: string, ours: readonly string[]])[] = [
  [
    'a zone without machines',
    "[GCE_STOCKOUT]: Instance 'gke-ada' creation failed: The zone 'projects/p/zones/europe-west1-b' does not have enough resources available to fulfill the request.",
    ['pulumi config set zone', 'pulumi config set invokerMachineType'],
  ],
  [
    'a policy against external addresses',
    'Constraint constraints/compute.vmExternalIpAccess violated for project 123456789012. Add instance projects/p/zones/z/instances/i to the constraint to use external IP with it.',
    ['pulumi config set privateNodes true'],
  ],
  [
    'a quota',
    "googleapi: Error 403: Insufficient regional quota to satisfy request: resource \"CPUS_ALL_REGIONS\": request requires '12.0' and is short '4.0'.",
    ['8 vCPU', 'coreMachineType'],
  ],
  [
    'a project without billing',
    'googleapi: Error 400: Billing account for project 123456789012 is not found. Billing must be enabled for activation of service(s) compute.googleapis.com to proceed., UREQ_PROJECT_BILLING_NOT_FOUND',
    ['gcloud billing projects link'],
  ],
  [
    'a bucket name that somebody else has',
    'googleapi: Error 409: The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again., conflict',
    ['pulumi config set inBucket'],
  ],
  [
    'an organization that gives rights to nobody outside, by the older policy',
    'googleapi: Error 400: One or more users named in the policy do not belong to a permitted customer,  perhaps due to an organization policy.',
    ['iam.managed.allowedPolicyMembers', 'delete iam.allowedPolicyMemberDomains'],
  ],
  [
    'an organization that gives rights to nobody outside, by the managed policy',
    'googleapi: Error 400: Operation denied by org policy on resource: constraints/iam.managed.allowedPolicyMembers',
    ['gcloud org-policies set-policy', 'policies/iam.managed.allowedPolicyMembers'],
  ],
  [
    'an organization whose services check all callers',
    'googleapi: Error 400: Operation denied by org policy: ["constraints/run.managed.requireInvokerIam": "..."]',
    ['policies/run.managed.requireInvokerIam', 'pulumi config set publicApi false'],
  ],
];

/** What docs/google-cloud.md lists as seen. */
const SEEN = [
  ...readFileSync(path.join(__dirname, '../../docs/google-cloud.md'), 'utf8').matchAll(/^\| `([^`]+)` \|/gm),
].map(([, words = '']) => words);

describe('what Google refuses for good', () => {
  test.each(REFUSALS)('%s is in the table of docs/google-cloud.md by its first words', (_what, googles) => {
    const text = explainRefusal(googles) ?? '';
    expect(
      SEEN.filter((words) => text.startsWith(words)),
      text,
    ).toHaveLength(1);
  });

  test.each(REFUSALS)('%s is explained', (_what, googles, ours) => {
    for (const words of ours) expect(explainRefusal(googles)).toContain(words);
  });

  test.each([
    [
      'the older policy',
      'Key creation is not allowed on this service account. type: constraints/iam.disableServiceAccountKeyCreation',
    ],
    ['the managed policy', 'Operation denied by org policy: constraints/iam.managed.disableServiceAccountKeyCreation'],
  ])('a key, by %s, is explained with all ways out', (_what, googles) => {
    const text = explainKeyRefusal(googles, 'bring a key');
    expect(text).toContain('- bring a key;');
    expect(text).toContain('policies/iam.managed.disableServiceAccountKeyCreation');
    expect(text).toContain('disable-enforce iam.disableServiceAccountKeyCreation');
  });

  test('another error is not explained', () => {
    const other = 'googleapi: Error 403: Permission denied';
    expect(explainRefusal(other)).toBeUndefined();
    expect(explainKeyRefusal(other, '')).toBeUndefined();
  });
});
