/** OpenWhisk's release on a cluster, under mocks: which images, which certificate, which URLs, and what waits for what. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import program from '../../index';
import { writeStandInChart } from '../openwhisk-release/stand-in-chart';
import { answers } from './answers';
import { all, needsOf, only } from './graph';
import { type Recorded, type Recording, record } from './recording';
import { becomeReady } from './student-machine';

const KUBECONFIG = `apiVersion: v1
kind: Config
clusters: [{name: lab, cluster: {server: "https://192.0.2.1:6443"}}]
users: [{name: lab, user: {token: t}}]
contexts: [{name: lab, context: {cluster: lab, user: lab}}]
current-context: lab
`;
const DIGEST = `sha256:${'1'.repeat(64)}`;
const INSIDE = 'openwhisk-nginx.openwhisk.svc.cluster.local';
const chart = writeStandInChart();
const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-release-'));
let leave: () => void;

/** What a stack registers, on a cluster that one has. */
function deploy(config: Readonly<Record<string, string>>): Promise<Recording> {
  return record(program, { ...KUBERNETES, ...chart.config, ...config }, (type, name, inputs) => ({
    ...answers(type, name, inputs),
    // What the gateway of chart 1.0.0 says behind a load balancer.
    ...(type.endsWith(':Api') ? { url: `https://${INSIDE}:443/api/uuid/convert/pdf` } : {}),
  }));
}
const KUBERNETES = {
  ...{ student: 'ada', target: 'kubernetes', ingress: 'LoadBalancer', apihost: 'https://ow.example.org' },
  ...{ kubeconfig: path.join(folder, 'kubeconfig'), image: 'docker.io/ada/action-python:1', python: 'python3' },
  ...{ inBucket: 'ada-in', outBucket: 'ada-out' },
  serviceAccountKey: JSON.stringify({ type: 'service_account', client_email: 'a@b', private_key: 'S3CRET-PEM' }),
};

let run: Recording;
const one = (type: string, name?: string): Recorded => only(run.resources, type, name);
const release = (): Recorded => one('kubernetes:helm.sh/v3:Release');
/** All images that the release and what is beside it name. */
function images({ resources }: Recording): string[] {
  const { values } = Object(only(resources, 'kubernetes:helm.sh/v3:Release').inputs);
  const parts = Object.values(values) as { imageName?: string; imageTag?: string }[];
  const kept = all(resources, 'kubernetes:apps/v1:DaemonSet').map(
    ({ inputs }) => Object(inputs.spec).template.spec.containers[0].image as string,
  );
  return [
    ...parts.flatMap(({ imageName, imageTag }) => (imageName === undefined ? [] : [`${imageName}:${imageTag}`])),
    ...kept,
  ];
}

beforeAll(async () => {
  writeFileSync(path.join(folder, 'kubeconfig'), KUBECONFIG);
  leave = becomeReady();
  run = await deploy({});
}, 300_000);
afterAll(() => {
  leave();
  chart.remove();
  rmSync(folder, { recursive: true });
});

describe('an OpenWhisk that the stack installs', () => {
  test('runs images that are held to a digest, all but the one of the stack itself', () => {
    const named = images(run);
    expect(named.length).toBe(12);
    for (const image of named.filter((each) => each !== KUBERNETES.image))
      expect(image).toMatch(/^docker\.io\/[a-z0-9/-]+:[\w.-]+@sha256:[0-9a-f]{64}$/);
  });

  test('asks the registry only for the digests that nobody states', () => {
    expect(one('pulumi-nodejs:dynamic/cluster-waits:ImageDigests').inputs.images).toEqual({
      controller: 'docker.io/openwhisk/controller:ef725a6',
      invoker: 'docker.io/openwhisk/invoker:ef725a6',
      db: 'docker.io/apache/couchdb:2.3',
      nodejs: 'docker.io/openwhisk/action-nodejs-v20:1.22.0',
    });
  });

  test('takes them from a mirror, if there is one, and its digests too', async () => {
    const mirrored = await deploy({ imageMirror: 'registry.lab:5000/hub', nodejsImage: 'ghcr.io/ada/node:2' });
    expect(images(mirrored)).toContain(`registry.lab:5000/hub/apache/couchdb:2.3@${DIGEST}`);
    expect(images(mirrored)).toContain(`ghcr.io/ada/node:2@${DIGEST}`);
    expect(images(mirrored).filter((image) => image.startsWith('docker.io/'))).toEqual([KUBERNETES.image]);
    const { inputs } = only(mirrored.resources, 'pulumi-nodejs:dynamic/cluster-waits:ImageDigests');
    expect(Object(inputs.images).db).toBe('registry.lab:5000/hub/apache/couchdb:2.3');
  }, 300_000);

  test('is installed from a folder of the project, with our list of runtimes', () => {
    expect(release().inputs.chart).toMatch(/^\.\/build\/chart\/openwhisk-[0-9a-f]{12}$/);
    expect(Object(release().inputs.values).whisk.runtimes).toBe('pdfmagic-runtimes.json');
    expect(release().inputs).not.toHaveProperty('repositoryOpts');
  });

  test('has a certificate for every name by which it is called, outside and inside', () => {
    expect(one('tls:index/certRequest:CertRequest').inputs.dnsNames).toEqual([
      'ow.example.org',
      INSIDE,
      'openwhisk-nginx.openwhisk.svc',
      'openwhisk-nginx.openwhisk',
      'openwhisk-nginx',
    ]);
  });

  test('is reached without TLS by nobody from outside', () => {
    const { spec } = Object(one('kubernetes:networking.k8s.io/v1:NetworkPolicy', 'nginx').inputs);
    expect(spec.ingress).toEqual([
      { ports: [{ protocol: 'TCP', port: 443 }] },
      { ports: [{ protocol: 'TCP', port: 80 }], from: [{ podSelector: {} }] },
    ]);
  });

  test('gives URLs of its own API host, whatever its gateway says', () => {
    expect(run.outputs).toMatchObject({
      page: 'https://ow.example.org/api/uuid/convert/pdf',
      endpoints: {
        v1: 'https://ow.example.org/api/uuid/convert/pdf',
        v2: 'https://ow.example.org/api/uuid/convert/pdf',
      },
    });
    expect(JSON.stringify(run.outputs)).not.toContain('svc.cluster.local');
  });

  test('is asked from inside an action by a name of the certificate, and trusted by the CA of the stack', () => {
    expect(one('pulumi-nodejs:dynamic/openwhisk:Action', 'activation').inputs.parameters).toEqual({
      settings: { apihost: `https://${INSIDE}`, 'ca-certificate': 'CA-CERTIFICATE', insecure: false },
    });
  });

  test('is called only when each invoker node has the images of its actions', () => {
    const daemons = all(run.resources, 'kubernetes:apps/v1:DaemonSet');
    expect(daemons.map(({ name }) => name).sort()).toEqual(['nodejs-image', 'runtime-image']);
    for (const { inputs } of daemons)
      expect(Object(inputs.spec).template.spec).toMatchObject({
        nodeSelector: { 'openwhisk-role': 'invoker' },
        automountServiceAccountToken: false,
      });
    const [nodejs, runtime] = ['nodejs-image', 'runtime-image'].map((name) =>
      one('kubernetes:apps/v1:DaemonSet', name),
    );
    const needs = (action: string) => needsOf(run.resources, one('pulumi-nodejs:dynamic/openwhisk:Action', action));
    for (const action of ['v0', 'v1', 'v2']) expect(needs(action).has(runtime?.urn ?? ''), action).toBe(true);
    for (const action of ['activation', 'print-arguments', 'page', 'v1'])
      expect(needs(action).has(nodejs?.urn ?? ''), action).toBe(true);
  });
});
