/**
 * Target `kubernetes` by the real Pulumi CLI and its plugins: Helm's release of the pinned chart and what is beside it, on a real API
 * server with its real controllers. Nodes, disks and OpenWhisk itself are played: the local platform, behind the release's own
 * certificate and key.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { AppsV1Api, CoreV1Api } from '@kubernetes/client-node';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { NAMESPACE } from '../../infra/parts/openwhisk-release/chart';
import { newServiceAccount } from '../actions/keys';
import { digestOf, type PlayedRegistry, playRegistry } from '../cluster-waits/played-registry';
import { type ApiServer, startApiServer } from '../openwhisk-release/api-server';
import { type FrontDoor, openFrontDoor } from '../openwhisk-release/front-door';
import { type PlayedNodes, playNodes } from '../openwhisk-release/played-nodes';
import { findChart, isOnPath } from '../openwhisk-release/rendered';
import { Machine, ROOT } from './machine';
import { NOTHING_CHANGED, PulumiCli } from './pulumi-cli';

const PROGRAMS = [
  ...[
    'pulumi',
    'pulumi-language-nodejs',
    'pulumi-resource-kubernetes',
    'pulumi-resource-random',
    'pulumi-resource-tls',
  ],
  ...['etcd', 'kube-apiserver', 'kube-controller-manager'],
];
const missing = PROGRAMS.filter((program) => !isOnPath(program));
const because = missing.length === 0 ? '' : ` (skipped: no ${missing.join(', no ')} on the PATH)`;
const MINUTES = 60_000;
/** Those whose digest no table of the program has. */
const LOOKED_UP = [
  ...['openwhisk/controller:ef725a6', 'openwhisk/invoker:ef725a6', 'apache/couchdb:2.3'],
  'openwhisk/action-nodejs-v20:1.22.0',
];

describe.skipIf(missing.length > 0)(`a cluster that one has${because}`, () => {
  let machine: Machine | undefined;
  const stack = `cluster-${process.pid}`;
  let cli: PulumiCli;
  let kubernetes: ApiServer;
  let nodes: PlayedNodes;
  let registry: PlayedRegistry;
  let openwhisk: FrontDoor;
  let hasChart = false;

  beforeAll(async () => {
    hasChart = (await findChart()) !== undefined;
    if (!hasChart) return;
    machine = new Machine({}, 'pdfmagic-cluster-');
    cli = new PulumiCli(ROOT, machine.folder, stack);
    registry = await playRegistry();
    for (const image of LOOKED_UP) registry.manifests.set(`hub/${image}`, image);
    const folder = path.join(machine.folder, 'kubernetes');
    mkdirSync(folder);
    kubernetes = await startApiServer(folder);
    kubernetes.startControllers();
    nodes = await playNodes(kubernetes.config);
    const platform = await machine.startPlatform();
    openwhisk = await openFrontDoor(kubernetes.config, {
      apihost: platform.file.apihost,
      authorization: platform.authorization,
    });
    const kubeconfig = path.join(machine.folder, 'kubeconfig');
    writeFileSync(kubeconfig, kubernetes.config.exportConfig());
    await cli.run('stack', 'init');
    const config = {
      ...{ student: 'ada', target: 'kubernetes', apihost: openwhisk.url, kubeconfig },
      ...{ image: 'registry.lab/ada/action-python:1', python: 'python3', imageMirror: `${registry.host}/hub` },
      ...{ inBucket: 'ada-in', outBucket: 'ada-out', serviceAccountKey: JSON.stringify(newServiceAccount().key) },
      ...(process.env.PDFMAGIC_CHART && { chart: process.env.PDFMAGIC_CHART }),
    };
    for (const [key, value] of Object.entries(config)) await cli.run('config', 'set', `pdfmagic:${key}`, value);
  }, 15 * MINUTES);
  afterAll(async () => {
    openwhisk?.close();
    await nodes?.stop();
    await kubernetes?.stop();
    registry?.close();
    rmSync(path.join(ROOT, `Pulumi.${stack}.yaml`), { force: true });
    await machine?.close();
  }, MINUTES);
  beforeEach(({ skip }) => {
    if (!hasChart) skip('the chart cannot be fetched here, and PDFMAGIC_CHART names none');
  });

  test(
    'gets OpenWhisk and the service in one run',
    async () => {
      expect(await cli.up()).toMatch(/\+ \d+ created/);
      const apps = kubernetes.config.makeApiClient(AppsV1Api);
      const { items } = await apps.listNamespacedDeployment({ namespace: NAMESPACE });
      expect(items.length).toBeGreaterThan(0);
      for (const { metadata, status } of items) expect(status?.availableReplicas, metadata?.name).toBeGreaterThan(0);
    },
    20 * MINUTES,
  );

  test('runs every image by a digest, but the one of the stack itself', () => {
    for (const image of [...nodes.images].filter((each) => each !== 'registry.lab/ada/action-python:1'))
      expect(image).toMatch(new RegExp(`^${registry.host}/hub/.+@sha256:[0-9a-f]{64}$`));
    const [nodejs] = LOOKED_UP.slice(-1);
    expect([...nodes.images]).toContain(`${registry.host}/hub/${nodejs}@${digestOf(nodejs ?? '')}`);
  });

  test('tells URLs of its own API host', async () => {
    const outputs = JSON.parse(await cli.run('stack', 'output', '--json'));
    for (const url of Object.values<string>(outputs.endpoints))
      expect(url.startsWith(`${openwhisk.url}/`), url).toBe(true);
  });

  test(
    'is not bothered by a second run, or by a refresh',
    async () => {
      expect(await cli.up()).toMatch(NOTHING_CHANGED);
      expect(await cli.run('refresh', '--yes', '--skip-preview')).toMatch(NOTHING_CHANGED);
    },
    15 * MINUTES,
  );

  test(
    'is empty after destroy: no volume, no namespace',
    async () => {
      expect(await cli.run('destroy', '--yes', '--skip-preview')).toMatch(/- \d+ deleted/);
      const core = kubernetes.config.makeApiClient(CoreV1Api);
      expect((await core.listPersistentVolume()).items).toEqual([]);
      expect((await core.listNamespace()).items.map(({ metadata }) => metadata?.name)).not.toContain(NAMESPACE);
    },
    15 * MINUTES,
  );
});
