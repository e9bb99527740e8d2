import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import program from '../../index';
import { writeStandInChart } from '../openwhisk-release/stand-in-chart';
import { answers } from './answers';
import { CONFIG } from './google-config';
import { all, needsOf, only } from './graph';
import { expectPolicies } from './policies';
import { type Recording, record } from './recording';
import { becomeReady } from './student-machine';

describe('a stack on Google Cloud by other keys of the config', () => {
  const chart = writeStandInChart();
  let other: Recording;
  let leave: () => void;
  beforeAll(async () => {
    leave = becomeReady();
    const config = {
      ...CONFIG,
      ...chart.config,
      credentials: 'key',
      inBucket: 'lab-in',
      outBucket: 'lab-out',
      coreMachineType: 'e2-standard-2',
      invokerSpot: 'true',
      privateNodes: 'true',
    };
    other = await record(program, config, answers);
  }, 300_000);
  afterAll(() => {
    leave();
    chart.remove();
  });

  test('gives each key to who needs it alone, as a secret, and makes another when told so', () => {
    const { resources } = other;
    for (const { inputs } of all(resources, 'gcp:serviceaccount/key:Key')) {
      expect(inputs.keepers).toEqual({ rotation: '1' });
    }
    const actions = all(resources, 'pulumi-nodejs:dynamic/openwhisk:Action');
    for (const [key, owners] of [
      ['convert', ['result', 'v2']],
      ['upload', ['upload']],
    ] as const) {
      const withKey = actions.filter(({ inputs }) => JSON.stringify(inputs).includes(`S3CRET-PEM-OF-${key}`));
      expect(withKey.map(({ name }) => name).sort()).toEqual(owners);
      for (const { secrets } of withKey) expect(secrets.some((path) => path.startsWith('parameters'))).toBe(true);
    }
    const rights = all(resources, 'gcp:storage/bucketIAMMember:BucketIAMMember').map(
      ({ inputs }) => `${String(inputs.member).split('@')[0]} ${inputs.role} ${inputs.bucket}`,
    );
    expect(rights.sort()).toEqual([
      'serviceAccount:ada-convert roles/storage.objectUser lab-out',
      'serviceAccount:ada-convert roles/storage.objectViewer lab-in',
      'serviceAccount:ada-upload roles/storage.objectCreator lab-in',
    ]);
  });

  test('has a node of its own for OpenWhisk itself, and spot machines for actions', () => {
    const pools = all(other.resources, 'gcp:container/nodePool:NodePool');
    expect(
      pools.map(({ inputs }) => [inputs.name, Object(inputs.nodeConfig).machineType, Object(inputs.nodeConfig).spot]),
    ).toEqual([
      ['core', 'e2-standard-2', false],
      ['invoker', 'e2-standard-4', true],
    ]);
  });

  test('has nodes without an external address, which reach the internet before the first of them starts', () => {
    const cluster = only(other.resources, 'gcp:container/cluster:Cluster');
    expect(cluster.inputs.privateClusterConfig).toEqual({ enablePrivateNodes: true });
    expect(needsOf(other.resources, cluster).has(only(other.resources, 'gcp:compute/routerNat:RouterNat').urn)).toBe(
      true,
    );
  });

  test('keeps the rules of every stack', () => {
    expectPolicies(other);
  });
});
