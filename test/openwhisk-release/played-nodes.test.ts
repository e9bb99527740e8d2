/** The played nodes themselves: a cluster of them moves as a real one does, where its programs are on the PATH. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AppsV1Api, BatchV1Api, CoreV1Api } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type ApiServer, startApiServer } from './api-server';
import { type PlayedNodes, playNodes } from './played-nodes';
import { isOnPath } from './rendered';

const missing = ['etcd', 'kube-apiserver', 'kube-controller-manager'].filter((program) => !isOnPath(program));
const because = missing.length === 0 ? '' : ` (skipped: no ${missing.join(', no ')} on the PATH)`;
const MINUTE = 60_000;
const PATIENCE = { timeout: 3 * MINUTE, interval: 500 };
const NAME = 'one';
const [labels, namespace] = [{ app: NAME }, 'lab'];
const IMAGE = `example/one:1@sha256:${'1'.repeat(64)}`;
const metadata = { name: NAME, namespace };
const container = { name: NAME, image: IMAGE };

describe.skipIf(missing.length > 0)(`a cluster whose nodes are played${because}`, () => {
  let folder: string;
  let kubernetes: ApiServer;
  let nodes: PlayedNodes;
  let core: CoreV1Api;
  let apps: AppsV1Api;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-nodes-'));
    kubernetes = await startApiServer(folder);
    kubernetes.startControllers();
    nodes = await playNodes(kubernetes.config, '192.0.2.7');
    core = kubernetes.config.makeApiClient(CoreV1Api);
    apps = kubernetes.config.makeApiClient(AppsV1Api);
    await core.createNamespace({ body: { metadata: { name: namespace } } });
  }, 5 * MINUTE);
  afterAll(async () => {
    await nodes?.stop();
    await kubernetes?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, MINUTE);

  test(
    'runs a pod on each invoker node, and no other',
    async () => {
      const daemon = (name: string, role: string) => ({
        metadata: { name, namespace },
        spec: {
          selector: { matchLabels: { app: name } },
          template: {
            metadata: { labels: { app: name } },
            spec: { nodeSelector: { 'openwhisk-role': role }, containers: [container] },
          },
        },
      });
      await apps.createNamespacedDaemonSet({ namespace, body: daemon('invoker', 'invoker') });
      await apps.createNamespacedDaemonSet({ namespace, body: daemon('core', 'core') });
      const ready = async (name: string) =>
        (await apps.readNamespacedDaemonSet({ name, namespace })).status?.numberReady;
      await vi.waitUntil(async () => (await ready('invoker')) === 1, PATIENCE);
      expect(await ready('core')).toBe(0);
      expect([...nodes.images]).toEqual([IMAGE]);
    },
    5 * MINUTE,
  );

  test(
    'starts no pod before its Secret and its disk are there',
    async () => {
      const volumes = [
        { name: 'key', secret: { secretName: NAME } },
        { name: 'disk', persistentVolumeClaim: { claimName: NAME } },
      ];
      const spec = { replicas: 1, selector: { matchLabels: labels } };
      const template = { metadata: { labels }, spec: { containers: [container], volumes } };
      await apps.createNamespacedDeployment({ namespace, body: { metadata, spec: { ...spec, template } } });
      const pods = async () => (await core.listNamespacedPod({ namespace, labelSelector: `app=${NAME}` })).items;
      await vi.waitUntil(async () => (await pods()).length === 1, PATIENCE);
      const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
      await core.createNamespacedPersistentVolumeClaim({ namespace, body: { metadata, spec: claim } });
      const bound = async () => (await core.readNamespacedPersistentVolumeClaim(metadata)).status?.phase === 'Bound';
      await vi.waitUntil(bound, PATIENCE);
      expect((await pods())[0]?.status?.phase).toBe('Pending');
      await core.createNamespacedSecret({ namespace, body: { metadata, stringData: { key: 'x' } } });
      const available = async () => (await apps.readNamespacedDeployment(metadata)).status?.availableReplicas === 1;
      await vi.waitUntil(available, PATIENCE);
    },
    5 * MINUTE,
  );

  test(
    'ends the pod of a Job, and gives a load balancer its reserved address',
    async () => {
      const batch = kubernetes.config.makeApiClient(BatchV1Api);
      const template = { spec: { restartPolicy: 'Never', containers: [container] } };
      await batch.createNamespacedJob({ namespace, body: { metadata, spec: { template } } });
      await vi.waitUntil(async () => (await batch.readNamespacedJob(metadata)).status?.succeeded === 1, PATIENCE);
      const annotations = { 'networking.gke.io/load-balancer-ip-addresses': 'ada' };
      const spec = { type: 'LoadBalancer', ports: [{ port: 443 }], selector: labels };
      await core.createNamespacedService({ namespace, body: { metadata: { ...metadata, annotations }, spec } });
      const address = async () => (await core.readNamespacedService(metadata)).status?.loadBalancer?.ingress?.[0]?.ip;
      await vi.waitUntil(async () => (await address()) === '192.0.2.7', PATIENCE);
    },
    5 * MINUTE,
  );

  test(
    'keeps no disk of a namespace that is deleted',
    async () => {
      await core.deleteNamespace({ name: namespace });
      const gone = async () => (await core.listPersistentVolume()).items.length === 0;
      await vi.waitUntil(gone, PATIENCE);
      const left = async () => (await core.listNamespace()).items.map((each) => each.metadata?.name);
      await vi.waitUntil(async () => !(await left()).includes(namespace), PATIENCE);
    },
    5 * MINUTE,
  );
});
