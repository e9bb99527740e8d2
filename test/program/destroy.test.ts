import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import program from '../../index';
import { writeStandInChart } from '../openwhisk-release/stand-in-chart';
import { answers } from './answers';
import { all, deletedBefore, only } from './graph';
import { type Recorded, type Recording, record } from './recording';
import { becomeReady } from './student-machine';

const RELEASE = 'kubernetes:helm.sh/v3:Release';
const VOLUMES = 'pulumi-nodejs:dynamic/cluster-waits:VolumesGone';
const NAMESPACE = ['kubernetes:core/v1:Namespace', 'openwhisk'] as const;
const FEED = 'kubernetes:apps/v1:Deployment';
const CLUSTER = 'gcp:container/cluster:Cluster';
const POOL = 'gcp:container/nodePool:NodePool';

let run: Recording;
let leave: () => void;
const chart = writeStandInChart();
beforeAll(async () => {
  leave = becomeReady();
  const config = { student: 'ada', target: 'gke', project: 'ada-lab-123456', python: 'python3', credentials: 'key' };
  run = await record(program, { ...config, ...chart.config }, answers);
}, 300_000);
afterAll(() => {
  leave();
  chart.remove();
});

const every = (type: string): Recorded[] => all(run.resources, type);

/** Resources of a type, or the one of that type and name. */
type Kind = string | readonly [type: string, name: string];
const kind = (of: Kind): Recorded[] => (typeof of === 'string' ? every(of) : [only(run.resources, ...of)]);

/** Deleted from first to last, each kind entirely before the next. */
function expectOrder(...kinds: Kind[]): void {
  for (const [index, type] of kinds.entries()) {
    const next = kinds[index + 1];
    if (next === undefined) return;
    expect(kind(type).length, String(type)).toBeGreaterThan(0);
    for (const first of kind(type)) {
      for (const second of kind(next)) {
        expect(deletedBefore(run.resources, first, second), `${first.urn} before ${second.urn}`).toBe(true);
      }
    }
  }
}

describe('destroy', () => {
  test('removes what is in OpenWhisk before OpenWhisk itself', () => {
    for (const entity of run.resources.filter(({ type }) => type.startsWith('pulumi-nodejs:dynamic/openwhisk:'))) {
      expect(deletedBefore(run.resources, entity, only(run.resources, RELEASE)), entity.urn).toBe(true);
    }
  });

  test('removes rules before triggers, these before their feed, and actions before their package', () => {
    const entity = (type: string) => `pulumi-nodejs:dynamic/openwhisk:${type}`;
    expectOrder(entity('Rule'), entity('Trigger'), [entity('Action'), 'new-file-feed'], FEED);
    for (const api of every(entity('Api'))) {
      expect(every(entity('Action')).some((action) => deletedBefore(run.resources, api, action))).toBe(true);
    }
    expectOrder(entity('Action'), entity('Package'));
  });

  test('removes the feed before OpenWhisk and before what its events come by', () => {
    expectOrder(FEED, RELEASE);
    expectOrder(FEED, 'gcp:storage/notification:Notification', ['gcp:pubsub/subscription:Subscription', 'new-file']);
    expectOrder(['gcp:pubsub/subscription:Subscription', 'new-file'], 'gcp:pubsub/topic:Topic');
    expectOrder('gcp:storage/notification:Notification', ['gcp:storage/bucket:Bucket', 'convert-in']);
  });

  test('waits for the volumes after the release and its namespace, while the nodes are still there', () => {
    expectOrder(
      RELEASE,
      NAMESPACE,
      VOLUMES,
      POOL,
      CLUSTER,
      'gcp:compute/subnetwork:Subnetwork',
      'gcp:compute/network:Network',
    );
  });

  test('keeps the address until its load balancer is gone', () => {
    expectOrder(RELEASE, NAMESPACE, VOLUMES, 'gcp:compute/address:Address');
  });

  test('removes the key of an account before the account, and rights before buckets', () => {
    for (const name of ['convert', 'upload']) {
      const account = only(run.resources, 'gcp:serviceaccount/account:Account', name);
      expect(deletedBefore(run.resources, only(run.resources, 'gcp:serviceaccount/key:Key', name), account)).toBe(true);
    }
    for (const member of every('gcp:storage/bucketIAMMember:BucketIAMMember')) {
      const buckets = every('gcp:storage/bucket:Bucket');
      expect(buckets.filter((bucket) => deletedBefore(run.resources, member, bucket))).toHaveLength(1);
    }
  });

  test('leaves nothing on the cluster that does not need the nodes', () => {
    for (const resource of run.resources.filter(({ type }) => type.startsWith('kubernetes:'))) {
      for (const pool of every(POOL)) expect(deletedBefore(run.resources, resource, pool), resource.urn).toBe(true);
    }
  });

  test('protects nothing from being deleted but files in the buckets, and keeps nothing', () => {
    expect(only(run.resources, CLUSTER).inputs.deletionProtection).toBe(false);
    for (const bucket of every('gcp:storage/bucket:Bucket')) expect(bucket.inputs.forceDestroy).toBe(false);
  });
});
