import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readOutputs, stackOf } from '../../cli/stack/stack';
import program from '../../index';
import { writeStandInChart } from '../openwhisk-release/stand-in-chart';
import { answers } from './answers';
import { CONFIG } from './google-config';
import { promiseStorage } from './google-storage';
import { all, needsOf, only } from './graph';
import { expectPolicies } from './policies';
import { type Recorded, type Recording, record } from './recording';
import { becomeReady } from './student-machine';

let run: Recording;
let leave: () => void;
const chart = writeStandInChart();
const one = (type: string, name?: string): Recorded => only(run.resources, type, name);
const every = (type: string): Recorded[] => all(run.resources, type);

beforeAll(async () => {
  leave = becomeReady();
  run = await record(program, { ...CONFIG, ...chart.config }, answers);
}, 300_000);
afterAll(() => {
  leave();
  chart.remove();
});

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
      'iamcredentials.googleapis.com',
      'pubsub.googleapis.com',
      'storage.googleapis.com',
    ]);
    for (const { inputs } of services) expect(inputs.disableOnDestroy).toBe(false);
    const first = one('gcp:projects/service:Service', 'cloudresourcemanager');
    for (const other of services.filter(({ urn }) => urn !== first.urn))
      expect(needsOf(run.resources, other).has(first.urn), other.urn).toBe(true);
  });

  test('names its project as the one that pays for a call in calls about budgets alone', () => {
    const providers = every('pulumi:providers:gcp');
    expect(providers.map(({ name, inputs }) => `${name} ${inputs.userProjectOverride}`).sort()).toEqual([
      'google-cloud undefined',
      'google-cloud-budget true',
    ]);
    const { urn } = one('pulumi:providers:gcp', 'google-cloud-budget');
    const users = run.resources.filter(({ type, needs }) => type.startsWith('gcp:') && needs.has(urn));
    expect(users.map(({ type }) => type)).toEqual(['gcp:billing/budget:Budget']);
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

  test('has one node, for the containers of actions and for OpenWhisk itself', () => {
    const pools = every('gcp:container/nodePool:NodePool');
    expect(pools.map(({ inputs }) => inputs.name)).toEqual(['invoker']);
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
      autoscaling: { minNodeCount: 1, maxNodeCount: 1 },
      nodeConfig: { machineType: 'e2-standard-4', spot: false },
    });
  });

  test('gives its nodes an account that may log and pull images, and nothing else', () => {
    expect(every('gcp:projects/iAMMember:IAMMember').map(({ inputs }) => inputs.role)).toEqual([
      'roles/container.defaultNodeServiceAccount',
    ]);
    const pulls = every('gcp:artifactregistry/repositoryIamMember:RepositoryIamMember');
    expect(pulls.map(({ inputs }) => inputs.role)).toEqual([
      'roles/artifactregistry.reader',
      'roles/artifactregistry.reader',
    ]);
  });

  test("takes OpenWhisk's images from a repository of its own, which asks Docker Hub once for each", () => {
    expect(one('gcp:artifactregistry/repository:Repository', 'docker-hub').inputs).toMatchObject({
      repositoryId: 'ada-docker-hub',
      mode: 'REMOTE_REPOSITORY',
      remoteRepositoryConfig: { dockerRepository: { publicRepository: 'DOCKER_HUB' } },
    });
    const { values } = Object(one('kubernetes:helm.sh/v3:Release').inputs);
    const mirror = 'europe-west1-docker.pkg.dev/ada-lab-123456/ada-docker-hub';
    for (const part of ['utility', 'controller', 'invoker', 'nginx', 'db', 'kafka']) {
      expect(values[part].imageName, part).toMatch(new RegExp(`^${mirror}/[a-z]+/[a-z-]+$`));
      expect(values[part].imageTag, part).toMatch(/@sha256:[0-9a-f]{64}$/);
    }
    expect(one('pulumi-nodejs:dynamic/cluster-waits:ImageDigests').inputs.images).toMatchObject({
      controller: 'docker.io/openwhisk/controller:ef725a6',
    });
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

  test('opens nothing to the world but port 443', () => {
    expect(one('gcp:compute/firewall:Firewall').inputs).toMatchObject({
      direction: 'INGRESS',
      priority: 900,
      denies: [{ protocol: 'tcp', ports: ['80'] }],
      sourceRanges: ['0.0.0.0/0'],
      destinationRanges: ['192.0.2.7'],
    });
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

promiseStorage(() => run);
