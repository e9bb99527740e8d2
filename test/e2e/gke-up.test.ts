/**
 * Target `gke`, whole, by the real Pulumi CLI and its plugins: an empty project of a played Google, as strict as a new organization's and
 * a minute after each change, whose cluster is a real API server with its real controllers. Nodes, disks and OpenWhisk itself are
 * played: the local platform, at the stack's own address, behind its certificate and key. Where Docker can, images are built
 * and pushed, too.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CoreV1Api } from '@kubernetes/client-node';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FEED_BASE_IMAGE } from '../../infra/image/recipe';
import { NAMESPACE } from '../../infra/parts/openwhisk-release/chart';
import { EXEC_PLUGIN } from '../../infra/targets/gke/kubeconfig';
import { prepareBuilds, type RealBuilds, whyNoBuilds } from '../docker/real-builds';
import { type ApiServer, startApiServer } from '../openwhisk-release/api-server';
import { type FrontDoor, openFrontDoor } from '../openwhisk-release/front-door';
import { type PlayedNodes, playNodes } from '../openwhisk-release/played-nodes';
import { findChart, isOnPath } from '../openwhisk-release/rendered';
import { Machine } from './machine';
import { PlayedGoogle } from './played-google/google';
import { MISSING, ROOT, type Stack, type Stacks, startStacks } from './played-google/stacks';
import { NEW_ORGANIZATION } from './played-google/strictness';
import { NOTHING_CHANGED } from './pulumi-cli';

const OTHERS = [
  'pulumi-resource-kubernetes',
  'pulumi-resource-tls',
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
];
const missing = [...MISSING, ...OTHERS.filter((program) => !isOnPath(program))].map((name) => `no ${name} on the PATH`);
if (process.getuid?.() !== 0) missing.push('port 443 is for root');
const because = missing.length === 0 ? '' : ` (skipped: ${missing.join(', ')})`;
const MINUTES = 60_000;
const PROJECT = 'ada-lab-123456';
/** Of this machine, and of no other process's: the whole of 127.0.0.0/8 is. */
const ADDRESS = `127.71.${(process.pid >> 8) & 255}.${process.pid & 255 || 1}`;

describe.skipIf(missing.length > 0)(`target gke${because}`, () => {
  let machine: Machine | undefined;
  let google: PlayedGoogle;
  let kubernetes: ApiServer;
  let nodes: PlayedNodes;
  let openwhisk: FrontDoor;
  let stacks: Stacks;
  let stack: Stack;
  let hasChart = false;
  let builds: RealBuilds | undefined;

  beforeAll(async () => {
    hasChart = (await findChart()) !== undefined;
    if (!hasChart) return;
    machine = new Machine({}, 'pdfmagic-gke-');
    const folder = path.join(machine.folder, 'kubernetes');
    mkdirSync(folder);
    kubernetes = await startApiServer(folder);
    kubernetes.startControllers();
    nodes = await playNodes(kubernetes.config, ADDRESS);
    const { endpoint, ca } = kubernetes;
    google = new PlayedGoogle(NEW_ORGANIZATION, { address: ADDRESS, endpoint, ca });
    const platform = await machine.startPlatform();
    openwhisk = await openFrontDoor(
      kubernetes.config,
      { apihost: platform.file.apihost, authorization: platform.authorization },
      { host: ADDRESS, port: 443 },
    );
    if (whyNoBuilds() === undefined) builds = await prepareBuilds(FEED_BASE_IMAGE);
    const programs = path.join(machine.folder, 'bin');
    mkdirSync(programs);
    const credential = { apiVersion: 'client.authentication.k8s.io/v1beta1', kind: 'ExecCredential' };
    const given = JSON.stringify({ ...credential, status: { token: kubernetes.token } });
    writeFileSync(path.join(programs, EXEC_PLUGIN), `#!/bin/sh\necho '${given}'\n`, { mode: 0o755 });
    stacks = await startStacks((request) => google.answer(request), {
      PATH: `${programs}:${process.env.PATH}`,
      NO_PROXY: `127.0.0.1,localhost,${ADDRESS}`,
    });
    stack = await stacks.open('gke', ROOT, {
      ...{ student: 'ada', target: 'gke', project: PROJECT, billingAccount: '01ABCD-234567-89EF01' },
      python: 'python3',
      ...(builds
        ? { registry: `${builds.registry.host}/lab`, baseImage: builds.baseImage }
        : { image: 'registry.lab/ada/action-python:1', feedImage: 'registry.lab/ada/feed:1' }),
      ...(process.env.PDFMAGIC_CHART && { chart: process.env.PDFMAGIC_CHART }),
    });
  }, 15 * MINUTES);
  afterAll(async () => {
    stacks?.close();
    openwhisk?.close();
    await nodes?.stop();
    await kubernetes?.stop();
    builds?.stop();
    await machine?.close();
  }, MINUTES);
  beforeEach(({ skip }) => {
    if (!hasChart) skip('the chart cannot be fetched here, and PDFMAGIC_CHART names none');
  });

  test(
    'comes up whole in one run, in an empty project of a new organization',
    async () => {
      const first = await stack.up();
      expect(first).toMatch(/\+ \d+ created/);
      // Google refused, and was asked again.
      expect(first).toMatch(/on-error hook request/);
      expect(openwhisk.asked.join('\n')).toMatch(/^PUT .*\/actions\/pdfmagic\/v1\b/m);
      const mirror = new RegExp(`^europe-west1-docker.pkg.dev/${PROJECT}/ada-docker-hub/.+@sha256:[0-9a-f]{64}$`);
      for (const image of [...nodes.images].filter((each) => !/^(registry\.lab|127\.0\.0\.1:\d+)\//.test(each)))
        expect(image).toMatch(mirror);
      for (const name of builds === undefined ? [] : ['lab/feed', 'lab/action-python']) {
        const [tag] = (await builds?.registry.tags(name)) ?? [];
        expect([...nodes.images]).toContain(`${builds?.registry.host}/${name}:${tag}`);
      }
    },
    20 * MINUTES,
  );

  test(
    'is not bothered by a second run, or by a refresh',
    async () => {
      const before = google.changes.length;
      expect(await stack.up()).toMatch(NOTHING_CHANGED);
      expect(await stack.refresh()).toMatch(NOTHING_CHANGED);
      expect(google.changes.slice(before)).toEqual([]);
    },
    15 * MINUTES,
  );

  test(
    'leaves nothing that is paid for, though OpenWhisk answers 500 to everything',
    async () => {
      openwhisk.isSick = true;
      openwhisk.asked.length = 0;
      expect(await stack.destroy()).toMatch(/- \d+ deleted/);
      expect([...google.resources.keys()]).toEqual([]);
      expect(google.rights()).toEqual([]);
      expect(openwhisk.asked.filter((asked) => asked.startsWith('DELETE'))).toEqual([]);
      const core = kubernetes.config.makeApiClient(CoreV1Api);
      expect((await core.listPersistentVolume()).items).toEqual([]);
      expect((await core.listNamespace()).items.map(({ metadata }) => metadata?.name)).not.toContain(NAMESPACE);
    },
    15 * MINUTES,
  );
});
