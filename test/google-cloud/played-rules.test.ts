/** What the strict played Google refuses, in its words, is what this program waits for or explains: both sides by one test, with no plugin. */
import { describe, expect, test } from 'vitest';
import { findWait } from '../../infra/parts/google-cloud/passing-trouble';
import { explainKeyRefusal, explainRefusal } from '../../infra/parts/google-cloud/refusals';
import { type Answer, isRefused, type Json, PlayedGoogle } from '../e2e/played-google/google';
import { NEW_ORGANIZATION, type Strictness } from '../e2e/played-google/strictness';

const PROJECT = 'projects/ada-lab-123456';
const MINUTE = 60_000;

/** An empty project whose time passes only by `wait`. */
function emptyProject(other: Partial<Strictness> = {}) {
  let time = 0;
  const google = new PlayedGoogle({ ...NEW_ORGANIZATION, now: () => time, ...other });
  const ask = (method: string, host: string, path: string, body: Json = {}, payer?: string): Answer =>
    google.answer({
      method,
      host,
      path,
      query: new URLSearchParams(),
      body,
      headers: payer === undefined ? {} : { 'x-goog-user-project': payer },
    });
  return {
    ask,
    wait: (milliseconds: number) => {
      time += milliseconds;
    },
    enable: (...names: string[]) =>
      ask('POST', 'serviceusage', `${PROJECT}/services:batchEnable`, {
        serviceIds: names.map((name) => `${name}.googleapis.com`),
      }),
    give: (host: string, path: string, role: string, member: string) =>
      ask('POST', host, `${path}:setIamPolicy`, { policy: { bindings: [{ role, members: [member] }] } }),
  };
}

/** What Google said; fails when it refused nothing. */
function said(answer: Answer): string {
  if (!isRefused(answer)) throw new Error(`nothing was refused: ${JSON.stringify(answer)}`);
  return JSON.stringify(answer.body);
}
const passes = (answer: Answer) => expect(findWait([said(answer)])?.pause, said(answer)).toBe(5000);
const isExplained = (answer: Answer) => {
  expect(findWait([said(answer)]), said(answer)).toBeUndefined();
  expect(explainRefusal(said(answer)), said(answer)).toBeDefined();
};
const isDone = (answer: Answer) => expect(isRefused(answer), JSON.stringify(answer)).toBe(false);

describe('an empty project', () => {
  test('answers for an API a minute after it is enabled, which is waited for', () => {
    const { ask, enable, wait } = emptyProject();
    const insert = () => ask('POST', 'compute', `${PROJECT}/global/networks`, { name: 'n' });
    passes(insert());
    enable('compute');
    passes(insert());
    wait(MINUTE);
    isDone(insert());
  });

  test('is named as the one that pays by no call but one about budgets: others would fail before their API is enabled', () => {
    const { ask, enable, wait } = emptyProject();
    isDone(ask('GET', 'cloudresourcemanager', PROJECT));
    passes(ask('GET', 'cloudresourcemanager', PROJECT, {}, 'ada-lab-123456'));
    expect(said(ask('POST', 'billingbudgets', 'billingAccounts/1/budgets'))).toContain('requires a quota project');
    enable('billingbudgets');
    wait(MINUTE);
    isDone(ask('POST', 'billingbudgets', 'billingAccounts/1/budgets', {}, 'ada-lab-123456'));
  });

  test("lets Cloud Storage's agent publish a minute after it was given the right", () => {
    const { ask, enable, give, wait } = emptyProject();
    enable('storage', 'pubsub');
    wait(MINUTE);
    const topic = `${PROJECT}/topics/t`;
    const notify = () =>
      ask('POST', 'storage', 'b/ada/notificationConfigs', { topic: `//pubsub.googleapis.com/${topic}` });
    const { email_address } = Object(ask('GET', 'storage', `${PROJECT}/serviceAccount`));
    passes(notify());
    isDone(give('pubsub', topic, 'roles/pubsub.publisher', `serviceAccount:${email_address}`));
    passes(notify());
    wait(MINUTE);
    isDone(notify());
  });

  test("has no agents but those that were asked for, and Eventarc's works a minute after it has its right", () => {
    const { ask, enable, give, wait } = emptyProject();
    enable('eventarc', 'storage');
    wait(MINUTE);
    const agent = 'serviceAccount:service-123456789012@gcp-sa-eventarc.iam.gserviceaccount.com';
    const grant = () => give('cloudresourcemanager', PROJECT, 'roles/eventarc.serviceAgent', agent);
    const trigger = () => ask('POST', 'eventarc', `${PROJECT}/locations/europe-west1/triggers`);
    passes(grant());
    ask('POST', 'serviceusage', `${PROJECT}/services/eventarc.googleapis.com:generateServiceIdentity`);
    isDone(grant());
    passes(trigger());
    wait(MINUTE);
    passes(trigger());
    const { email_address } = Object(ask('GET', 'storage', `${PROJECT}/serviceAccount`));
    const both = [
      { role: 'roles/eventarc.serviceAgent', members: [agent] },
      { role: 'roles/pubsub.publisher', members: [`serviceAccount:${email_address}`] },
    ];
    ask('POST', 'cloudresourcemanager', `${PROJECT}:setIamPolicy`, { policy: { bindings: both } });
    wait(MINUTE);
    isDone(trigger());
  });

  test('knows an account a minute after it was made, and the identities of a cluster once there is one', () => {
    const { ask, enable, give, wait } = emptyProject();
    enable('iam', 'storage', 'container');
    wait(MINUTE);
    ask('POST', 'iam', `${PROJECT}/serviceAccounts`, { accountId: 'ada-signer' });
    const account = 'serviceAccount:ada-signer@ada-lab-123456.iam.gserviceaccount.com';
    const toAccount = () => give('storage', 'b/ada', 'roles/storage.objectViewer', account);
    passes(toAccount());
    wait(MINUTE);
    isDone(toAccount());
    const pool = 'workloadIdentityPools/ada-lab-123456.svc.id.goog';
    const principal = `principal://iam.googleapis.com/projects/1/locations/global/${pool}/subject/ns/openwhisk/sa/default`;
    const toActions = () => give('storage', 'b/ada', 'roles/storage.objectViewer', principal);
    passes(toActions());
    ask('POST', 'container', `${PROJECT}/locations/z/clusters`, { cluster: { name: 'ada' } });
    isDone(toActions());
  });

  test('gives a token for a key a minute after it was made', () => {
    const { ask, enable, wait } = emptyProject({ policies: [] });
    enable('iam');
    wait(MINUTE);
    ask('POST', 'iam', `${PROJECT}/serviceAccounts`, { accountId: 'ada-feed' });
    wait(MINUTE);
    isDone(ask('POST', 'iam', `${PROJECT}/serviceAccounts/ada-feed@ada-lab-123456.iam.gserviceaccount.com/keys`));
    expect(said(ask('POST', 'oauth2', 'token'))).toContain('Invalid JWT Signature');
    wait(MINUTE);
    isDone(ask('POST', 'oauth2', 'token'));
  });
});

describe('what is refused for good is explained', () => {
  test('keys and everyone, where the organization has its policies', () => {
    const { ask, enable, give, wait } = emptyProject();
    enable('iam', 'run');
    wait(MINUTE);
    const key = said(ask('POST', 'iam', `${PROJECT}/serviceAccounts/a@b/keys`));
    expect(explainKeyRefusal(key, 'do without')).toContain('do without');
    isExplained(give('run', `${PROJECT}/locations/z/services/s`, 'roles/run.invoker', 'allUsers'));
  });

  test('a bucket name that somebody in the world has', () => {
    const { ask, enable, wait } = emptyProject();
    enable('storage');
    wait(MINUTE);
    isExplained(ask('POST', 'storage', 'b', { name: 'ada-convert-in' }));
    isDone(ask('POST', 'storage', 'b', { name: 'ada-convert-in-1a2b3c4d' }));
  });

  test('more machines than the project may have, and addresses where there may be none', () => {
    const machines = (count: number) => ({
      nodePool: { name: 'p', config: { machineType: 'e2-standard-4' }, autoscaling: { maxNodeCount: count } },
    });
    const trial = emptyProject();
    const closed = emptyProject({ policies: ['no-external-addresses'] });
    for (const { enable, wait } of [trial, closed]) {
      enable('container');
      wait(MINUTE);
    }
    const pools = `${PROJECT}/locations/z/clusters/ada/nodePools`;
    isExplained(trial.ask('POST', 'container', pools, machines(3)));
    isDone(trial.ask('POST', 'container', pools, machines(1)));
    isExplained(closed.ask('POST', 'container', pools, machines(1)));
  });

  test('a project without billing', () => {
    const { enable } = emptyProject({ billing: false });
    isExplained(enable('compute'));
  });
});
