/** The pinned chart as a stack installs it: rendered by the real Helm, and taken by a real API server, where these are on the PATH. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { CoreV1Api, KubernetesObjectApi, VersionApi } from '@kubernetes/client-node';
import * as pulumi from '@pulumi/pulumi';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { INNER_APIHOST, INNER_HOSTS, NAMESPACE, NGINX_PORTS } from '../../infra/parts/openwhisk-release/chart';
import { keepImage } from '../../infra/parts/openwhisk-release/keep-image';
import { makeNetworkPolicies } from '../../infra/parts/openwhisk-release/network-policies';
import { record } from '../program/recording';
import { type ApiServer, startApiServer } from './api-server';
import { containersOf, findChart, isOnPath, MIRROR, prepareRelease, type Rendered, render } from './rendered';

const missing = ['helm', 'etcd', 'kube-apiserver'].filter((program) => !isOnPath(program));
const why = missing.includes('helm') ? 'no helm on the PATH' : '';
const because = (reason: string) => (reason === '' ? '' : ` (skipped: ${reason})`);
const INGRESSES = ['LoadBalancer', 'NodePort'] as const;

const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-render-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(why !== '').each(INGRESSES)(`the release behind a %s${because(why)}`, (ingress) => {
  let objects: Rendered[] = [];
  let release: string[] = [];
  beforeAll(async () => {
    const chart = await findChart();
    if (chart === undefined) return;
    release = await prepareRelease(chart, folder, ingress);
    objects = render(release);
  }, 120_000);
  beforeEach(({ skip }) => {
    if (release.length === 0) skip('the chart cannot be fetched here, and PDFMAGIC_CHART names none');
  });
  const one = (kind: string, name: string): Rendered => {
    const found = objects.find((each) => each.kind === kind && each.metadata.name === name);
    if (found === undefined) throw new Error(`there is no ${kind} ${name}`);
    return found;
  };

  test('runs no image but by tag and digest, from where the stack says', () => {
    const images = new Set(containersOf(objects).map(({ image }) => image));
    expect(images.size).toBe(10);
    for (const image of images) {
      expect(image.startsWith(`${MIRROR}/`), image).toBe(true);
      expect(image).toMatch(/^[^:@]+:[\w.-]+@sha256:[0-9a-f]{64}$/);
    }
  });

  test('tells the gateway the URL that the world has, and actions the one that pods have', () => {
    const { data } = one('ConfigMap', 'openwhisk-whisk.config');
    const port = ingress === 'NodePort' ? 31_001 : 443;
    expect(data?.whisk_external_api_host_url).toBe(`https://192.0.2.7:${port}`);
    expect(data?.whisk_internal_api_host_name).toBe(INNER_HOSTS[0]);
    expect(data?.whisk_internal_api_host_port).toBe(`${NGINX_PORTS.inside}`);
    const env = JSON.stringify(containersOf([one('Deployment', 'openwhisk-apigateway')]));
    expect(env).toMatch(/"PUBLIC_GATEWAY_URL","valueFrom":\{"configMapKeyRef":\{[^}]*"whisk_external_api_host_url"/);
  });

  test('is called inside by names of the certificate alone, and has that certificate', () => {
    const [name = '', namespace] = new URL(INNER_APIHOST).hostname.split('.');
    expect(namespace).toBe(NAMESPACE);
    expect(one('Service', name).spec?.ports).toEqual(
      expect.arrayContaining([expect.objectContaining({ port: NGINX_PORTS.world })]),
    );
    const named = JSON.stringify(objects).match(/openwhisk-nginx\.[a-z.]+/g) ?? [];
    expect(named.length).toBeGreaterThan(0);
    for (const each of named) expect(INNER_HOSTS).toContain(each);
    expect(JSON.stringify(one('Deployment', name))).toContain('"secretName":"openwhisk-nginx"');
  });

  test('has no kind of Node.js but ours, by digest, with a container in advance', () => {
    for (const owner of [one('StatefulSet', 'openwhisk-controller'), one('StatefulSet', 'openwhisk-invoker')]) {
      const { env } = containersOf([owner])[0] as unknown as { env: { name: string; value: string }[] };
      const { runtimes } = JSON.parse(env.find(({ name }) => name === 'RUNTIMES_MANIFEST')?.value ?? '');
      expect(runtimes.nodejs).toHaveLength(1);
      const { registry, prefix, name, tag } = runtimes.nodejs[0].image;
      expect(`${registry}/${prefix}/${name}:${tag}`).toMatch(
        /^mirror\.example\/hub\/openwhisk\/action-nodejs-v20:1\.22\.0@sha256:/,
      );
      expect(runtimes.nodejs[0].stemCells).toHaveLength(1);
      expect(runtimes.swift.length).toBeGreaterThan(0);
    }
  });

  test('has the pods that the network policies go by', () => {
    const labels = objects.map(({ spec }) => spec?.template?.metadata?.labels?.name);
    for (const name of ['controller', 'nginx', 'apigateway', 'invoker']) expect(labels).toContain(`openwhisk-${name}`);
  });

  describe.skipIf(missing.length > 0)(`on a Kubernetes${because(missing.map((one) => `no ${one}`).join(', '))}`, () => {
    let kubernetes: ApiServer;
    beforeAll(async () => {
      kubernetes = await startApiServer(mkdtempSync(path.join(folder, 'kubernetes-')));
    }, 240_000);
    afterAll(() => kubernetes?.stop());

    test('is taken as it is, and what the stack puts beside it, by version 1.34 or newer', async () => {
      const { major, minor } = await kubernetes.config.makeApiClient(VersionApi).getCode();
      expect(Number(major) * 1000 + Number.parseInt(minor, 10)).toBeGreaterThanOrEqual(1034);
      const core = kubernetes.config.makeApiClient(CoreV1Api);
      await core.createNamespace({ body: { metadata: { name: NAMESPACE } } });
      const args = ['install', ...release, ...kubernetes.helm];
      const { stdout, stderr } = await promisify(execFile)('helm', args, { maxBuffer: 1 << 26 });
      expect(stdout).toContain('STATUS: deployed');
      expect(stderr).not.toMatch(/deprecated|unknown field|warn/i);

      const beside = await record(makeWhatIsBeside, {}, () => ({}));
      const client = KubernetesObjectApi.makeApiClient(kubernetes.config);
      for (const { type, inputs } of beside.resources.filter(({ type }) => type.startsWith('kubernetes:'))) {
        const [apiVersion, kind] = type.slice('kubernetes:'.length).split(':');
        expect(inputs, type).toMatchObject({ apiVersion, kind });
        await client.create(inputs);
      }
      const services = await core.listNamespacedService({ namespace: NAMESPACE });
      expect(services.items.map(({ metadata }) => metadata?.name)).toContain('openwhisk-nginx');
    }, 240_000);
  });
});

/** Policies and pods that keep images, as a program makes them. */
async function makeWhatIsBeside(): Promise<object> {
  const reached = pulumi.output({ apihost: 'https://192.0.2.7', storageEndpoint: 'http://192.0.2.8:4443' });
  makeNetworkPolicies(NAMESPACE, reached, {});
  return { image: keepImage('nodejs-image', `${MIRROR}/openwhisk/action-nodejs-v20:1.22.0`, {}) };
}
