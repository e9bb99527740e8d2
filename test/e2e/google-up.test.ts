/**
 * Cloud Run, and Google's halves of events and of a GKE stack, by the real `pulumi` and its plugin against a played Google: what is sent,
 * in which order, in one `pulumi up` of an empty project, and that nothing is left. Where Docker can, the image of Cloud Run is built and
 * pushed, too. The rules of `strictness.ts` are held against the stack; that there are no others at Google is not proven here.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLOUDRUN_BASE_IMAGE } from '../../infra/image/recipe';
import { prepareBuilds, type RealBuilds, whyNoBuilds } from '../docker/real-builds';
import { PlayedGoogle } from './played-google/google';
import { BECAUSE, MISSING, ROOT, type Stacks, startStacks } from './played-google/stacks';
import { NEW_ORGANIZATION } from './played-google/strictness';
import { NOTHING_CHANGED } from './pulumi-cli';

const MINUTES = 60_000;
const PROJECT = 'ada-lab-123456';
const ACCOUNT = (name: string) => `serviceAccount:${name}@${PROJECT}.iam.gserviceaccount.com`;
const SIGNER = `ada-signer@${PROJECT}.iam.gserviceaccount.com`;
const AGENT = (name: string) => `serviceAccount:service-123456789012@${name}.iam.gserviceaccount.com`;

/** Google's half of events alone: the feed needs a cluster. */
const EVENTS = `
import { tellOfNewFiles } from '${ROOT}/infra/parts/events/subscription';
import { makeFeedIdentity } from '${ROOT}/infra/parts/events/identity';
import { openGoogleCloud } from '${ROOT}/infra/parts/google-cloud';

const cloud = openGoogleCloud({ student: 'ada', stack: 'ada', project: '${PROJECT}' });
const { subscription } = tellOfNewFiles(cloud, 'ada-in', 10);
export const key = makeFeedIdentity(cloud, { kind: 'key', rotation: '1' }, subscription, { namespace: 'n', serviceAccount: 's' }).key;
`;

/** Google's half of a GKE stack: all but what is put on the cluster. */
const CLUSTER = `
import { readConfig } from '${ROOT}/infra/config';
import { reserveAddress } from '${ROOT}/infra/targets/gke/address';
import { nameActions } from '${ROOT}/infra/targets/gke/action-identity';
import { makeCluster } from '${ROOT}/infra/targets/gke/cluster';
import { closeHttp } from '${ROOT}/infra/targets/gke/firewall';
import { writeKubeconfig } from '${ROOT}/infra/targets/gke/kubeconfig';
import { makeNetwork } from '${ROOT}/infra/targets/gke/network';
import { makeNodeIdentity } from '${ROOT}/infra/targets/gke/node-identity';
import { makeNodePools } from '${ROOT}/infra/targets/gke/node-pools';
import { alertOnBudget, makeRegistry, makeStorage, openGoogleCloud } from '${ROOT}/infra/parts/google-cloud';

const config = readConfig();
if (config.target !== 'gke' || config.budget === undefined) throw new Error('the config is for another target');
const cloud = openGoogleCloud(config);
alertOnBudget(cloud, config.budget);
const reserved = reserveAddress(cloud);
export const address = reserved.address;
const identity = makeNodeIdentity(cloud);
export const registry = makeRegistry(cloud, { 'nodes-read-images': identity.account.member });
const network = makeNetwork(cloud);
closeHttp(cloud, network, reserved);
const cluster = makeCluster(cloud, network, identity, []);
export const key = makeStorage(cloud, config.storage, { pageOrigin: 'https://192.0.2.7', actions: nameActions(cloud, cluster) }).key;
makeNodePools(cloud, cluster, identity);
export const kubeconfig = writeKubeconfig(cluster);
`;

describe.skipIf(MISSING.length > 0)(`a played Google Cloud${BECAUSE}`, () => {
  let stacks: Stacks;
  let google: PlayedGoogle;
  let builds: RealBuilds | undefined;

  beforeAll(async () => {
    stacks = await startStacks((request) => google.answer(request));
    if (whyNoBuilds() === undefined) builds = await prepareBuilds(CLOUDRUN_BASE_IMAGE);
  }, 20 * MINUTES);
  afterAll(() => {
    stacks?.close();
    builds?.stop();
  });

  /** Rights, with the buckets' names as far as they are not random. */
  const rights = (): string[] =>
    google.rights().map((right) => right.replace(/(ada-convert-(?:in|out))-[0-9a-f]{8}$/, '$1'));

  /** Where in the order of changes the first is that `pattern` fits. */
  const at = (pattern: RegExp): number => {
    const index = google.changes.findIndex((change) => pattern.test(change));
    expect(index, `${pattern} in ${google.changes.join('\n')}`).toBeGreaterThanOrEqual(0);
    return index;
  };

  test(
    'gets the pipeline on Cloud Run in one run, a minute after each change and under the policies of a new organization; is not bothered again, and is empty after it but for rights of its own agents',
    async () => {
      google = new PlayedGoogle(NEW_ORGANIZATION);
      const config = {
        student: 'ada',
        target: 'gke',
        platform: 'cloudrun',
        project: PROJECT,
        ...(builds ? { registry: `${builds.registry.host}/lab` } : { image: 'example/convert:1' }),
        billingAccount: '01ABCD-234567-89EF01',
      };
      const { up, refresh, destroy } = await stacks.open('cloudrun', ROOT, config);
      const first = await up();
      expect(first).toMatch(/on-error hook request/);
      const services = `run/projects/${PROJECT}/locations/europe-west1/services`;
      const agents = [
        `${AGENT('gcp-sa-eventarc')} roles/eventarc.serviceAgent cloudresourcemanager/projects/${PROJECT}`,
        `${AGENT('gs-project-accounts')} roles/pubsub.publisher cloudresourcemanager/projects/${PROJECT}`,
      ];
      expect(rights()).toEqual(
        [
          ...agents,
          `${ACCOUNT('ada-convert-new')} roles/storage.objectUser storage/b/ada-convert-out`,
          `${ACCOUNT('ada-convert-new')} roles/storage.objectViewer storage/b/ada-convert-in`,
          `${ACCOUNT('ada-convert')} roles/iam.serviceAccountTokenCreator iam/projects/${PROJECT}/serviceAccounts/${SIGNER}`,
          `serviceAccount:${SIGNER} roles/storage.objectCreator storage/b/ada-convert-in`,
          `serviceAccount:${SIGNER} roles/storage.objectViewer storage/b/ada-convert-out`,
          `${ACCOUNT('ada-convert')} roles/storage.objectUser storage/b/ada-convert-out`,
          `${ACCOUNT('ada-convert')} roles/storage.objectViewer storage/b/ada-convert-in`,
          `${ACCOUNT('ada-events')} roles/eventarc.eventReceiver cloudresourcemanager/projects/${PROJECT}`,
          `${ACCOUNT('ada-events')} roles/run.invoker ${services}/ada-events`,
        ].sort(),
      );
      expect(at(/^POST eventarc.*triggers$/)).toBeGreaterThan(at(/^POST run.*ada-events:setIamPolicy$/));
      const [tag] = (await builds?.registry.tags('lab/convert')) ?? [];
      const image = builds ? `${builds.registry.host}/lab/convert:${tag}` : 'example/convert:1';
      for (const name of ['ada-convert', 'ada-events'])
        expect(google.resources.get(`${services}/${name}`)).toMatchObject({ template: { containers: [{ image }] } });

      const before = google.changes.length;
      expect(await up()).toMatch(NOTHING_CHANGED);
      expect(await refresh()).toMatch(NOTHING_CHANGED);
      expect(google.changes.slice(before)).toEqual([]);

      google.changes.length = 0;
      await destroy();
      expect([...google.resources.keys()]).toEqual([]);
      expect(google.rights()).toEqual(agents.sort());
      expect(at(/^DELETE eventarc/)).toBeLessThan(at(/^DELETE run.*ada-events$/));
      expect(at(/^DELETE run.*ada-convert$/)).toBeLessThan(at(/^PUT storage.*\/iam$/));
      expect(at(/^PUT storage.*ada-convert-in-\w+\/iam$/)).toBeLessThan(at(/^DELETE storage.*ada-convert-in-\w+$/));
    },
    10 * MINUTES,
  );

  test(
    'tells of new files once it may, keeps the dead letters, and is empty after it',
    async () => {
      google = new PlayedGoogle();
      const { up, destroy } = await stacks.open('events', stacks.write('events', EVENTS), {});
      await up();
      const topics = `pubsub/projects/${PROJECT}/topics`;
      const subscriptions = `pubsub/projects/${PROJECT}/subscriptions`;
      expect(google.rights()).toEqual(
        [
          `${ACCOUNT('ada-feed')} roles/pubsub.subscriber ${subscriptions}/ada-new-file`,
          `${AGENT('gcp-sa-pubsub')} roles/pubsub.publisher ${topics}/ada-dead-letters`,
          `${AGENT('gcp-sa-pubsub')} roles/pubsub.subscriber ${subscriptions}/ada-new-file`,
          `${AGENT('gs-project-accounts')} roles/pubsub.publisher ${topics}/ada-new-file`,
        ].sort(),
      );
      expect(google.resources.get(`${subscriptions}/ada-new-file`)).toMatchObject({
        topic: `projects/${PROJECT}/topics/ada-new-file`,
        deadLetterPolicy: { deadLetterTopic: `projects/${PROJECT}/topics/ada-dead-letters`, maxDeliveryAttempts: 10 },
        retryPolicy: { minimumBackoff: '10s', maximumBackoff: '600s' },
        expirationPolicy: {},
      });
      const notification = at(/^POST storage\/b\/ada-in\/notificationConfigs$/);
      expect(notification).toBeGreaterThan(at(/^POST pubsub.*topics\/ada-new-file:setIamPolicy$/));
      expect(notification).toBeGreaterThan(at(/^PUT pubsub.*subscriptions\/ada-new-file$/));
      expect(at(/^PUT pubsub.*subscriptions\/ada-new-file$/)).toBeGreaterThan(
        at(/^PUT pubsub.*subscriptions\/ada-dead-letters$/),
      );

      const before = google.changes.length;
      expect(await up()).toMatch(NOTHING_CHANGED);
      expect(google.changes.slice(before)).toEqual([]);

      google.changes.length = 0;
      await destroy();
      expect([...google.resources.keys()]).toEqual([]);
      expect(google.rights()).toEqual([]);
      expect(at(/^DELETE storage.*notificationConfigs/)).toBeLessThan(
        at(/^DELETE pubsub.*subscriptions\/ada-new-file$/),
      );
    },
    10 * MINUTES,
  );

  test(
    'gets network, cluster, pool, buckets, registry and budget in one run, a minute after each change, under the policies of a new organization and the quota of a trial; is not bothered again, and is empty after it',
    async () => {
      google = new PlayedGoogle(NEW_ORGANIZATION);
      const config = { student: 'ada', target: 'gke', project: PROJECT, billingAccount: '01ABCD-234567-89EF01' };
      const { up, refresh, destroy } = await stacks.open('cluster', stacks.write('cluster', CLUSTER), config);
      const first = await up();
      expect(first).toMatch(/on-error hook request/);
      const zone = `container/projects/${PROJECT}/locations/europe-west1-b/clusters`;
      expect([...google.resources.keys()].filter((name) => name.startsWith('container/')).sort()).toEqual([
        `${zone}/ada-pdfmagic`,
        `${zone}/ada-pdfmagic/nodePools/invoker`,
      ]);
      expect(google.resources.get(`${zone}/ada-pdfmagic`)).toMatchObject({
        releaseChannel: { channel: 'REGULAR' },
        workloadIdentityConfig: { workloadPool: `${PROJECT}.svc.id.goog` },
        resourceLabels: { student: 'ada', stack: 'cluster' },
      });
      expect(google.resources.get(`${zone}/ada-pdfmagic/nodePools/invoker`)).toMatchObject({
        autoscaling: { enabled: true, minNodeCount: 1, maxNodeCount: 1 },
        config: { labels: { 'openwhisk-role': 'invoker' } },
      });
      expect(at(/^DELETE container.*default-pool$/)).toBeLessThan(at(/^POST container.*nodePools$/));
      const nodes = `${ACCOUNT('ada-pdfmagic-node')} roles/container.defaultNodeServiceAccount`;
      expect(google.rights()).toContain(`${nodes} cloudresourcemanager/projects/${PROJECT}`);
      expect([...google.resources.keys()].filter((name) => name.includes('/keys/'))).toEqual([]);

      const before = google.changes.length;
      expect(await up()).toMatch(NOTHING_CHANGED);
      expect(await refresh()).toMatch(NOTHING_CHANGED);
      expect(google.changes.slice(before)).toEqual([]);

      google.changes.length = 0;
      await destroy();
      expect([...google.resources.keys()]).toEqual([]);
      expect(google.rights()).toEqual([]);
      expect(at(/^DELETE container.*nodePools\/invoker$/)).toBeLessThan(at(/^DELETE container.*ada-pdfmagic$/));
      expect(at(/^DELETE container.*ada-pdfmagic$/)).toBeLessThan(at(/^DELETE compute.*subnetworks/));
      expect(at(/^DELETE compute.*subnetworks/)).toBeLessThan(at(/^DELETE compute.*networks\/ada-pdfmagic$/));
    },
    10 * MINUTES,
  );
});
