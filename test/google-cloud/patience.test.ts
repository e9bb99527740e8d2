/** What only needs time in a new project is tried again, for as long as it may take; nothing else is. */

import * as pulumi from '@pulumi/pulumi';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { askPatiently, judgeFailure } from '../../infra/parts/google-cloud/hooks';
import { tryKey } from '../../infra/parts/google-cloud/key-wait';
import { findWait } from '../../infra/parts/google-cloud/passing-trouble';

/** As those whom it happened to quote it (issues of terraform-provider-google, pulumi-gcp and Google's samples). */
const PASSING = {
  'an API that was just enabled':
    'googleapi: Error 403: Compute Engine API has not been used in project 123456789012 before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/compute.googleapis.com/overview?project=123456789012 then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.',
  "the storage agent's right to publish, for a notification":
    "Error creating notification config for bucket ada-in: googleapi: Error 403: The service account 'service-1@gs-project-accounts.iam.gserviceaccount.com' does not have permission to publish messages to to the Cloud Pub/Sub topic '//pubsub.googleapis.com/projects/p/topics/t', or that topic does not exist., forbidden",
  "the storage agent's right to publish, for Eventarc":
    'Error creating Trigger: googleapi: Error 400: Invalid resource state for "": The Cloud Storage service account for your bucket is unable to publish to Cloud Pub/Sub topics in the specified project.',
  "the Eventarc agent's right":
    'Error creating Trigger: googleapi: Error 400: Invalid resource state for "": Permission denied while using the Eventarc Service Agent. If you recently started to use Eventarc, it may take a few minutes before all necessary permissions are propagated to the Service Agent.',
  "the right of Kubernetes Engine's agent":
    'googleapi: Error 403: Kubernetes Engine Service Agent is missing required permissions on this project. See https://cloud.google.com/kubernetes-engine/docs/troubleshooting#gke_service_account_deleted for more info: required "container.hostServiceAgent.use" permission(s) for "projects/p"., forbidden',
  'an agent that does not exist yet':
    'Error 400: Service account service-1@gcp-sa-pubsub.iam.gserviceaccount.com does not exist., badRequest',
  'the pool of identities of the first cluster':
    'googleapi: Error 400: Identity Pool does not exist (ada-lab.svc.id.goog). Please check that you specified a valid resource name as returned in the `name` attribute in the configuration API., badRequest',
} as const;

const FOR_GOOD = 'googleapi: Error 403: Permission denied on resource project ada-lab., forbidden';

/** Seconds of the pauses until it is given up. */
function pausesOf(error: string): number[] {
  const pauses: number[] = [];
  for (const errors = [error]; ; errors.unshift(error)) {
    const wait = findWait(errors);
    if (wait === undefined) return pauses;
    pauses.push(wait.pause / 1000);
  }
}

beforeEach(() => {
  vi.spyOn(pulumi.log, 'info').mockResolvedValue(undefined);
  vi.spyOn(pulumi.log, 'error').mockResolvedValue(undefined);
});
afterEach(() => vi.restoreAllMocks());

describe('a failure on Google Cloud', () => {
  test.each(Object.entries(PASSING))('of %s is tried again, ever less often, and given up at last', (_what, error) => {
    const pauses = pausesOf(error);
    expect(pauses.slice(0, 4)).toEqual([5, 10, 20, 30]);
    const whole = pauses.reduce((sum, pause) => sum + pause, 0);
    expect(whole).toBeGreaterThanOrEqual(180);
    expect(whole).toBeLessThanOrEqual(630);
    // Pulumi itself gives up after a hundred.
    expect(pauses.length).toBeLessThan(100);
  });

  test('of any other kind is one at once', async () => {
    expect(findWait([FOR_GOOD])).toBeUndefined();
    expect(await judgeFailure([FOR_GOOD], undefined, () => Promise.reject(new Error('no pause')))).toBe(false);
  });

  test('of another kind after one that passes is one at once, too', () => {
    expect(findWait([FOR_GOOD, PASSING['an API that was just enabled']])).toBeUndefined();
  });

  test('of a second passing kind is borne as long as if it were the first', () => {
    const first = Array.from({ length: 20 }, () => PASSING['an API that was just enabled']);
    expect(findWait([PASSING["the Eventarc agent's right"], ...first])?.pause).toBe(5000);
  });

  test('says what it waits for', async () => {
    const slept: number[] = [];
    const again = await judgeFailure([PASSING["the Eventarc agent's right"]], undefined, async (ms) => slept.push(ms));
    expect(again).toBe(true);
    expect(slept).toEqual([5000]);
    expect(pulumi.log.info).toHaveBeenCalledWith(expect.stringMatching(/Eventarc's agent .*: next attempt in 5 s/));
  });

  test('that is a refusal is explained', async () => {
    expect(await judgeFailure(['[GCE_STOCKOUT]: no machine'])).toBe(false);
    expect(pulumi.log.error).toHaveBeenCalledWith(expect.stringContaining('pulumi config set zone'));
  });
});

describe('a question to Google', () => {
  test('has the same patience', async () => {
    let left = 3;
    const answer = await askPatiently(
      async () => {
        left -= 1;
        if (left > 0) throw new Error(PASSING['an API that was just enabled']);
        return 'number';
      },
      async () => undefined,
    );
    expect(answer).toBe('number');
  });

  test('ends with the error that does not pass', async () => {
    await expect(askPatiently(() => Promise.reject(new Error(FOR_GOOD)))).rejects.toThrow('Permission denied');
  });
});

describe('a new key', () => {
  const KEY = Buffer.from(JSON.stringify({ client_email: 'a@b', private_key: 'PEM' })).toString('base64');

  test('is waited for until Google gives a token for it', async () => {
    let refused = 4;
    const signIn = async () => {
      refused -= 1;
      if (refused >= 0) throw new Error('invalid_grant: Invalid JWT Signature.');
    };
    const slept: number[] = [];
    expect(await tryKey(KEY, signIn, async (ms) => slept.push(ms))).toBeUndefined();
    expect(slept).toEqual([3000, 3000, 3000, 3000]);
  });

  test('that never works is told of after two minutes', async () => {
    let slept = 0;
    const reason = await tryKey(
      KEY,
      () => Promise.reject(new Error('invalid_grant')),
      async (ms) => {
        slept += ms;
      },
    );
    expect(reason).toBe('invalid_grant');
    expect(slept).toBe(120_000);
  });
});
