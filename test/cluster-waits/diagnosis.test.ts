import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openCluster } from '../../infra/cluster-waits/src/cluster/connect';
import { diagnose } from '../../infra/cluster-waits/src/diagnosis/diagnose';
import { MORE_ROOM } from '../../infra/parts/openwhisk-release/hints';
import { type ClusterState, emptyCluster, KubernetesServer } from './kubernetes-server';
import { container, event, installPackages, NAMESPACE, nginx, node, pod, unscheduledInvoker } from './objects';

const server = new KubernetesServer();

beforeAll(async () => {
  await server.start();
});
afterAll(() => server.stop());
beforeEach(() => {
  server.state = emptyCluster();
  server.outage = undefined;
});

/** What is said of a cluster that holds this. */
async function said(state: Partial<ClusterState>): Promise<string> {
  server.state = { ...emptyCluster(), ...state };
  return diagnose(openCluster({ kubeconfig: server.kubeconfig, namespace: NAMESPACE, moreRoom: MORE_ROOM }));
}

const claim = (more: object = {}) => ({
  metadata: { name: 'openwhisk-couchdb-pvc', namespace: NAMESPACE },
  spec: more,
  status: { phase: 'Pending' },
});
const running = { state: { running: {} } };

describe('a pod that no node takes', () => {
  const message =
    "0/2 nodes are available: 1 Insufficient memory, 1 node(s) didn't match Pod's node affinity/selector.";

  it('for want of the label is told to label a node', async () => {
    expect(await said({ pods: [unscheduledInvoker(message)], nodes: [node('core')] })).toMatch(
      /pod openwhisk-invoker-0: 0\/2[\s\S]*No node has the label openwhisk-role=invoker.*kubectl label node NODE openwhisk-role=invoker/,
    );
  });

  it('for want of room is told what makes room, though other nodes lack the label', async () => {
    const text = await said({ pods: [unscheduledInvoker(message)], nodes: [node('core'), node('invoker')] });
    expect(text).toMatch(/No node has room\. Use .*invokerMachineType.*invokerNodesMax/);
    expect(text).not.toMatch(/carries the label/);
  });

  it('for want of quota is told so in the words of the autoscaler', async () => {
    const events = [event('Pod', 'openwhisk-invoker-0', 'FailedScaleUp', "GCE quota exceeded: 'CPUS'")];
    expect(await said({ pods: [unscheduledInvoker(message)], nodes: [node('invoker')], events })).toMatch(
      /Autoscaler: GCE quota exceeded: 'CPUS'\n.*ask for a higher quota/,
    );
  });

  it('at the greatest size of its node pool is told so', async () => {
    const why = "pod didn't trigger scale-up: 1 max node group size reached";
    const events = [event('Pod', 'openwhisk-invoker-0', 'NotTriggerScaleUp', why, 'Normal')];
    expect(await said({ pods: [unscheduledInvoker(message)], nodes: [node('invoker')], events })).toMatch(
      /max node group size reached\n.*invokerNodesMax/,
    );
  });
});

describe('a pod that does not run', () => {
  it('for want of its image names the image and the reason', async () => {
    const waiting = { reason: 'ImagePullBackOff', message: 'Back-off pulling image "openwhisk/controller:ef725a6"' };
    const containerStatuses = [container('controller', { image: 'openwhisk/controller:ef725a6', state: { waiting } })];
    expect(await said({ pods: [pod('openwhisk-controller-0', { containerStatuses })] })).toMatch(
      /pod openwhisk-controller-0: ImagePullBackOff: the image openwhisk\/controller:ef725a6 cannot be pulled \(Back-off.*\)\n.*egress/,
    );
  });

  it.each([
    ['openwhisk/controller:ef725a6', true],
    ['docker.io/library/nginx:1.21.1', true],
    ['europe-west1-docker.pkg.dev/ada-lab/ada-docker-hub/openwhisk/controller:ef725a6', false],
  ])('for want of the image %s is told of a mirror: %s', async (image, told) => {
    const containerStatuses = [container('c', { image, state: { waiting: { reason: 'ErrImagePull' } } })];
    expect((await said({ pods: [pod('p', { containerStatuses })] })).includes('imageMirror')).toBe(told);
  });

  it('because it crashes again and again shows the last lines of its log', async () => {
    const state = { waiting: { reason: 'CrashLoopBackOff' } };
    const lastState = { terminated: { exitCode: 137, reason: 'Error' } };
    const text = await said({
      pods: [pod('openwhisk-kafka-0', { containerStatuses: [container('kafka', { state, lastState })] })],
      logs: { 'openwhisk-kafka-0/kafka': 'one\ntwo\nthree\nfour\nfive\nsix: disk is full\n' },
    });
    expect(text).toMatch(
      /container kafka ended with code 137 again and again \(CrashLoopBackOff\):\n\s+two\n[\s\S]*six: disk is full/,
    );
    expect(text).not.toMatch(/one/);
    expect(text).toMatch(/kubectl -n openwhisk logs openwhisk-kafka-0/);
  });

  it('because it needs more memory is told so', async () => {
    const containerStatuses = [container('couchdb', { state: { terminated: { exitCode: 137, reason: 'OOMKilled' } } })];
    expect(await said({ pods: [pod('openwhisk-couchdb-1', { containerStatuses })] })).toMatch(
      /ran out of memory.*\n.*larger node/,
    );
  });

  it('because a Secret is missing says which', async () => {
    const waiting = { reason: 'CreateContainerConfigError', message: 'secret "openwhisk-whisk.auth" not found' };
    const containerStatuses = [container('nginx', { state: { waiting } })];
    expect(await said({ pods: [pod('openwhisk-nginx-1', { containerStatuses })] })).toMatch(
      /secret "openwhisk-whisk.auth" not found/,
    );
  });

  it('because its disk cannot be mounted says why', async () => {
    const events = [event('Pod', 'openwhisk-redis-1', 'FailedAttachVolume', 'Multi-Attach error for volume "pvc-1"')];
    expect(await said({ pods: [pod('openwhisk-redis-1')], events })).toMatch(
      /pod openwhisk-redis-1: Multi-Attach error/,
    );
  });

  it('because it may not be made is found by its owner', async () => {
    const why = 'pods "openwhisk-controller-0" is forbidden: exceeded quota: students';
    const events = [event('StatefulSet', 'openwhisk-controller', 'FailedCreate', why)];
    expect(await said({ events })).toMatch(
      /StatefulSet openwhisk-controller: has no pod: .*exceeded quota[\s\S]*ResourceQuota/,
    );
  });

  it('and only waits for another is not named beside the other', async () => {
    const waits = pod('openwhisk-nginx-1', { initContainerStatuses: [container('wait-for-controller', running)] });
    const waiting = { reason: 'ErrImagePull', message: 'not found' };
    const at = pod('openwhisk-controller-0', { containerStatuses: [container('controller', { state: { waiting } })] });
    expect(await said({ pods: [waits] })).toMatch(/openwhisk-nginx-1: waits \(wait-for-controller\)/);
    expect(await said({ pods: [waits, at] })).not.toMatch(/nginx/);
  });

  it('but was replaced, or has done its work, is not named', async () => {
    const evicted = pod('openwhisk-nginx-1', { phase: 'Failed', reason: 'Evicted' });
    const done = pod('openwhisk-gen-certs-1', { phase: 'Succeeded' });
    const ready = pod('openwhisk-nginx-2', { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] });
    expect(await said({ pods: [evicted, done, ready] })).toMatch(/is healthy/);
  });
});

it('a node that does not answer is named in place of the pods on it, and only when it has some', async () => {
  const conditions = [{ type: 'Ready', status: 'Unknown', message: 'Kubelet stopped posting node status.' }];
  const lost = { ...node('core'), status: { conditions } };
  const at = pod('openwhisk-nginx-1', { phase: 'Running' }, { spec: { containers: [], nodeName: 'node-core' } });
  const text = await said({ nodes: [lost], pods: [at] });
  expect(text).toMatch(/node node-core: is not ready \(Kubelet stopped posting node status\.\)/);
  expect(text).not.toMatch(/nginx/);
  expect(await said({ nodes: [lost], pods: [] })).toMatch(/is healthy/);
});

describe('the job install-packages', () => {
  it('that waits for an invoker says so', async () => {
    const status = { initContainerStatuses: [container('wait-for-healthy-invoker', running)] };
    expect(await said(installPackages(status))).toMatch(
      /job openwhisk-install-packages: is not complete \(wait-for-healthy-invoker\)\n.*no invoker is healthy.*openwhisk-role=invoker/,
    );
  });

  it('that cannot fetch its catalog says so, with its last words', async () => {
    const name = 'install-packages';
    const state = installPackages({ phase: 'Running', containerStatuses: [container(name, running)] });
    const logs = { 'openwhisk-install-packages-x1/install-packages': "Cloning into 'openwhisk-catalog'...\n" };
    expect(await said({ ...state, logs })).toMatch(
      /it last said:\n\s+Cloning into[\s\S]*cannot download its catalog: .*Internet/,
    );
  });

  it('that gave up says why', async () => {
    const { jobs } = installPackages({});
    const conditions = [{ type: 'Failed', status: 'True', message: 'Job has reached the specified backoff limit' }];
    const failed = jobs.map((job) => ({ ...job, status: { failed: 4, conditions } }));
    expect(await said({ jobs: failed })).toMatch(/install-packages: Job has reached the specified backoff limit/);
  });

  it('that is complete takes the pods of its failed tries with it', async () => {
    const { jobs, pods } = installPackages({
      phase: 'Failed',
      containerStatuses: [container('x', { state: { terminated: { exitCode: 1 } } })],
    });
    expect(await said({ jobs, pods })).toMatch(/ended with code 1/);
    expect(await said({ jobs: jobs.map((job) => ({ ...job, status: { succeeded: 1 } })), pods })).toMatch(/is healthy/);
  });
});

describe('a volume claim', () => {
  it('without a default StorageClass is told how to make one the default', async () => {
    const why = 'no persistent volumes available for this claim and no storage class is set';
    const events = [event('PersistentVolumeClaim', 'openwhisk-couchdb-pvc', 'FailedBinding', why)];
    expect(await said({ persistentvolumeclaims: [claim()], events })).toMatch(
      /volume claim openwhisk-couchdb-pvc: no persistent volumes[\s\S]*no default StorageClass: annotate one/,
    );
  });

  it('that waits for its pod is not at fault while the pod is', async () => {
    const state = { persistentvolumeclaims: [claim({ storageClassName: 'standard-rwo' })], nodes: [node('core')] };
    expect(await said({ ...state, pods: [unscheduledInvoker('0/1 nodes are available')] })).not.toMatch(/couchdb/);
    expect(await said(state)).toMatch(/volume claim openwhisk-couchdb-pvc: has no volume/);
  });
});

it('a load balancer without an address names quota, and what a cluster without load balancers needs', async () => {
  const events = [event('Service', 'openwhisk-nginx', 'SyncLoadBalancerFailed', "Quota 'IN_USE_ADDRESSES' exceeded")];
  expect(await said({ services: [nginx('LoadBalancer')], events })).toMatch(
    /service openwhisk-nginx: Quota 'IN_USE_ADDRESSES' exceeded\n.*quotas of addresses and forwarding rules.*NodePort/,
  );
  expect(await said({ services: [nginx('LoadBalancer', '192.0.2.1'), nginx('NodePort')] })).toMatch(/is healthy/);
});

it('secrets in the log of a container are blanked, names and paths are not', async () => {
  const key = 'aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE3fG5hJ7kL9mN1pQ3sT5vW7yZ9bC1dE3f';
  const state = { terminated: { exitCode: 1 } };
  const lines = [
    `PUT http://admin:hunter2@db:5984/test_subjects`,
    `Authorization: Basic ${btoa('admin:hunter2')}`,
    `key=${key}`,
  ];
  const kept = 'openwhisk-install-packages-x1: /usr/local/share/openwhisk/catalog/packages/installCatalog.sh failed';
  const text = await said({
    pods: [pod('openwhisk-init-couchdb-1', { containerStatuses: [container('init', { state })] })],
    logs: { 'openwhisk-init-couchdb-1/init': [...lines, kept].join('\n') },
  });
  expect(text).toContain('PUT http://admin:[hidden]@db:5984/test_subjects');
  expect(text).toContain(kept);
  expect(text).not.toMatch(new RegExp(`hunter2|${key}|${btoa('admin:hunter2')}`));
});

it('a cluster that does not answer does not hide the error that is explained', async () => {
  server.outage = 500;
  expect(await said({})).toMatch(/could not be asked why: HTTP 500/);
});
