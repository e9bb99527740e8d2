import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readOutputs, stackOf } from '../../cli/stack/stack';
import program from '../../index';
import { answers } from './answers';
import { all, needsOf, only } from './graph';
import { expectPolicies } from './policies';
import { type Recorded, type Recording, record } from './recording';
import { becomeReady } from './student-machine';

const CONFIG = {
  student: 'ada',
  target: 'gke',
  project: 'ada-lab-123456',
  expires: '2027-01-31',
  billingAccount: '01ABCD-234567-89EF01',
  // The libraries of the actions are made here: no Docker in this test.
  python: 'python3',
};

let run: Recording;
let leave: () => void;
const one = (type: string, name?: string): Recorded => only(run.resources, type, name);
const every = (type: string): Recorded[] => all(run.resources, type);

beforeAll(async () => {
  leave = becomeReady();
  run = await record(program, CONFIG, answers);
}, 300_000);
afterAll(() => leave());

describe('a stack on Google Cloud', () => {
  test('enables the APIs it needs, and never disables one', () => {
    const services = every('gcp:projects/service:Service');
    expect(services.map(({ inputs }) => inputs.service).sort()).toEqual([
      'artifactregistry.googleapis.com',
      'billingbudgets.googleapis.com',
      'cloudresourcemanager.googleapis.com',
      'compute.googleapis.com',
      'container.googleapis.com',
      'iam.googleapis.com',
      'pubsub.googleapis.com',
      'storage.googleapis.com',
    ]);
    for (const { inputs } of services) expect(inputs.disableOnDestroy).toBe(false);
  });

  test('has a zonal, VPC-native cluster that can be deleted, on its own network', () => {
    expect(one('gcp:container/cluster:Cluster').inputs).toMatchObject({
      location: 'europe-west1-b',
      releaseChannel: { channel: 'REGULAR' },
      networkingMode: 'VPC_NATIVE',
      ipAllocationPolicy: { clusterSecondaryRangeName: 'pods', servicesSecondaryRangeName: 'services' },
      datapathProvider: 'ADVANCED_DATAPATH',
      removeDefaultNodePool: true,
      deletionProtection: false,
      enableShieldedNodes: true,
      workloadIdentityConfig: { workloadPool: 'ada-lab-123456.svc.id.goog' },
      resourceLabels: { student: 'ada', stack: 'ada', expires: '2027-01-31' },
    });
  });

  test('labels every node pool with its role, and taints none', () => {
    const pools = every('gcp:container/nodePool:NodePool');
    expect(pools.map(({ inputs }) => inputs.name)).toEqual(['core', 'invoker']);
    for (const { name, inputs } of pools) {
      expect(inputs.nodeConfig).toMatchObject({
        labels: { 'openwhisk-role': name },
        serviceAccount: 'ada-pdfmagic-node@lab.iam.gserviceaccount.com',
        workloadMetadataConfig: { mode: 'GKE_METADATA' },
        diskSizeGb: 50,
      });
      expect(inputs.nodeConfig).not.toHaveProperty('taints');
    }
    expect(one('gcp:container/nodePool:NodePool', 'invoker').inputs).toMatchObject({
      autoscaling: { minNodeCount: 1, maxNodeCount: 2 },
      nodeConfig: { spot: false },
    });
  });

  test('gives its nodes an account that may log and pull images, and nothing else', () => {
    expect(every('gcp:projects/iAMMember:IAMMember').map(({ inputs }) => inputs.role)).toEqual([
      'roles/container.defaultNodeServiceAccount',
    ]);
    expect(one('gcp:artifactregistry/repositoryIamMember:RepositoryIamMember').inputs.role).toBe(
      'roles/artifactregistry.reader',
    );
  });

  test('reaches the cluster by a plugin: no credential is in the state, and none ages', () => {
    const { inputs } = one('pulumi:providers:kubernetes');
    const kubeconfig = JSON.parse(String(inputs.kubeconfig));
    expect(kubeconfig.users[0].user).toEqual({
      exec: expect.objectContaining({
        apiVersion: 'client.authentication.k8s.io/v1beta1',
        command: 'gke-gcloud-auth-plugin',
        provideClusterInfo: true,
      }),
    });
  });

  test('has private buckets that cost nothing once they are gone', () => {
    const buckets = every('gcp:storage/bucket:Bucket');
    expect(buckets.map(({ inputs }) => inputs.name)).toEqual(['ada-convert-in', 'ada-convert-out']);
    for (const { inputs } of buckets) {
      expect(inputs).toMatchObject({
        location: 'EUROPE-WEST1',
        uniformBucketLevelAccess: true,
        publicAccessPrevention: 'enforced',
        softDeletePolicy: { retentionDurationSeconds: 0 },
        forceDestroy: false,
        labels: { student: 'ada' },
      });
      expect(JSON.stringify(inputs.lifecycleRules)).toContain('"age":7');
    }
    const rights = every('gcp:storage/bucketIAMMember:BucketIAMMember').map(
      ({ inputs }) => `${String(inputs.member).split('@')[0]} ${inputs.role} ${inputs.bucket}`,
    );
    expect(rights.sort()).toEqual([
      'serviceAccount:ada-convert roles/storage.objectUser ada-convert-out',
      'serviceAccount:ada-convert roles/storage.objectViewer ada-convert-in',
      'serviceAccount:ada-upload roles/storage.objectCreator ada-convert-in',
    ]);
  });

  test('lets scripts of its own page, and of no other, use signed URLs', () => {
    const cors = (name: string) => one('gcp:storage/bucket:Bucket', name).inputs.cors;
    const marks = ['quality', 'page', 'margin', 'part'].map((name) => `x-goog-meta-${name}`);
    const responseHeaders = ['Content-Type', 'x-goog-content-length-range', ...marks];
    const rule = { origins: ['https://192.0.2.7'], responseHeaders };
    expect(cors('convert-in')).toEqual([{ ...rule, methods: ['PUT'], maxAgeSeconds: 3600 }]);
    expect(cors('convert-out')).toEqual([{ ...rule, methods: ['GET'], maxAgeSeconds: 3600 }]);
  });

  test('gives each key to who needs it alone, as a secret, and makes another when told so', () => {
    for (const { inputs } of every('gcp:serviceaccount/key:Key')) expect(inputs.keepers).toEqual({ rotation: '1' });
    const actions = every('pulumi-nodejs:dynamic/openwhisk:Action');
    for (const [key, owners] of [
      ['convert', ['result', 'v2']],
      ['upload', ['upload']],
    ] as const) {
      const withKey = actions.filter(({ inputs }) => JSON.stringify(inputs).includes(`S3CRET-PEM-OF-${key}`));
      expect(withKey.map(({ name }) => name).sort()).toEqual(owners);
      for (const { secrets } of withKey) expect(secrets.some((path) => path.startsWith('parameters'))).toBe(true);
    }
  });

  test('pushes its image to a registry that the nodes may read, under a tag made of its content', () => {
    const image = one('docker:index/image:Image', 'runtime');
    expect(image.inputs.imageName).toMatch(
      /^europe-west1-docker\.pkg\.dev\/ada-lab-123456\/ada-pdfmagic\/action-python:imagemagick-[0-9a-f]{12}$/,
    );
    expect(image.inputs.build).toMatchObject({ context: 'runtime', platform: 'linux/amd64' });
    expect(image.inputs).not.toHaveProperty('registry');
    const { inputs } = one('pulumi-nodejs:dynamic/openwhisk:Action', 'v0');
    expect(inputs.image).toBe(image.inputs.imageName);
  });

  test('tells of a budget, if it knows the billing account', () => {
    expect(one('gcp:billing/budget:Budget').inputs).toMatchObject({
      billingAccount: '01ABCD-234567-89EF01',
      amount: { specifiedAmount: { units: '50' } },
    });
  });

  test('shows where it is and whom to trust; its key is a secret output', () => {
    expect(run.outputs).toMatchObject({
      apihost: 'https://192.0.2.7',
      caCertificate: 'CA-CERTIFICATE',
      address: '192.0.2.7',
    });
    expect(run.secretOutputs).toEqual(['auth']);
    const { auth: _auth, ...open } = run.outputs;
    expect(JSON.stringify(open)).not.toMatch(/S3CRET|insecure/);
  });

  test('has the outputs that the command pdfmagic reads', async () => {
    const stack = stackOf(readOutputs(run.outputs, 'the stack'), async (apihost) => `key of ${apihost}`);
    expect(stack).toMatchObject({ platform: 'openwhisk', caCertificate: 'CA-CERTIFICATE', events: 'pubsub' });
    expect(stack.storageEndpoint).toBeUndefined();
    expect(await stack.openwhisk?.key()).toBe('key of https://192.0.2.7');
  });

  test('keeps the rules of every stack', () => {
    expectPolicies(run);
  });

  test('deploys nothing to OpenWhisk before it answers', () => {
    const ready = one('pulumi-nodejs:dynamic/cluster-waits:OpenWhiskReady');
    const entities = run.resources.filter(({ type }) => type.startsWith('pulumi-nodejs:dynamic/openwhisk:'));
    expect(entities.length).toBeGreaterThan(10);
    for (const entity of entities) expect(needsOf(run.resources, entity).has(ready.urn), entity.urn).toBe(true);
  });
});
