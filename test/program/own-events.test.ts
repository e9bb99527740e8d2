import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import program from '../../index';
import { answers } from './answers';
import { all, deletedBefore, only } from './graph';
import { expectPolicies } from './policies';
import { type Recorded, type Recording, record } from './recording';
import { becomeReady } from './student-machine';

const KUBECONFIG = `apiVersion: v1
kind: Config
clusters: [{name: lab, cluster: {server: "https://192.0.2.9:6443"}}]
users: [{name: ada, user: {token: S3CRET-TOKEN}}]
contexts: [{name: lab, context: {cluster: lab, user: ada}}]
current-context: lab
`;
const EXISTING = {
  student: 'ada',
  target: 'existing',
  apihost: 'https://ow.example.org',
  auth: '23bc46b1-71f6-4ed5-8c54-816aa4f8c502:S3CRET-of-a-key',
  caCertificate: '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
  image: 'example/action-python-v3.11:imagemagick-pdf',
  python: 'python3',
  inBucket: 'ada-in',
  outBucket: 'ada-out',
  serviceAccountKey: JSON.stringify({ type: 'service_account', client_email: 'a@b', private_key: 'S3CRET-PEM' }),
};

let folder: string;
let run: Recording;
let leave: () => void;
const one = (type: string, name?: string): Recorded => only(run.resources, type, name);

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-own-events-'));
  const kubeconfig = path.join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, KUBECONFIG);
  leave = becomeReady();
  const events = { project: 'ada-lab-123456', kubeconfig, registry: 'docker.io/ada' };
  run = await record(program, { ...EXISTING, ...events }, answers);
}, 300_000);
afterAll(() => {
  leave();
  rmSync(folder, { recursive: true });
});

describe('events of a bucket that one has, to an OpenWhisk that one has', () => {
  test('take from Google Cloud a notification, two subscriptions and an account, and nothing else', () => {
    const google = run.resources.filter(({ type }) => type.startsWith('gcp:')).map(({ type }) => type.split('/')[0]);
    expect([...new Set(google)].sort()).toEqual(['gcp:projects', 'gcp:pubsub', 'gcp:serviceaccount', 'gcp:storage']);
    expect(all(run.resources, 'gcp:storage/bucket:Bucket')).toEqual([]);
    expect(one('gcp:storage/notification:Notification').inputs.bucket).toBe('ada-in');
    expect(all(run.resources, 'gcp:projects/iAMMember:IAMMember')).toEqual([]);
  });

  test('reach the feed by a key that can pull from one subscription, a file of its pod alone', () => {
    expect(one('gcp:serviceaccount/key:Key').inputs.keepers).toEqual({ rotation: '1' });
    const secret = one('kubernetes:core/v1:Secret');
    expect(Object(secret.inputs.stringData)['key.json']).toContain('S3CRET-PEM-OF-feed');
    expect(secret.secrets).toContain('stringData');
    const { spec } = Object(one('kubernetes:apps/v1:Deployment').inputs.spec).template;
    expect(spec.containers[0].env).toEqual(
      expect.arrayContaining([{ name: 'GOOGLE_APPLICATION_CREDENTIALS', value: '/etc/feed/key.json' }]),
    );
    expect(spec.volumes).toEqual([
      {
        name: 'files',
        secret: {
          secretName: 'feed-1a2b3c',
          defaultMode: 0o440,
          items: [
            { key: 'ca.pem', path: 'ca.pem' },
            { key: 'key.json', path: 'key.json' },
          ],
        },
      },
    ]);
  });

  test('run on the cluster of OpenWhisk, from a registry of one of yours', () => {
    const { spec } = Object(one('kubernetes:apps/v1:Deployment').inputs.spec).template;
    expect(spec.containers[0].image).toMatch(/^docker\.io\/ada\/feed:feed-[0-9a-f]{12}$/);
    const provider = one('pulumi:providers:kubernetes');
    expect(provider.secrets).toContain('kubeconfig');
    // In which namespace its actions run nobody knows, but how their pods are labelled.
    expect(one('kubernetes:networking.k8s.io/v1:NetworkPolicy').inputs.spec).toMatchObject({
      ingress: [{ from: [{ namespaceSelector: {}, podSelector: { matchLabels: { 'user-action-pod': 'true' } } }] }],
    });
  });

  test('end before the feed does', () => {
    const trigger = one('pulumi-nodejs:dynamic/openwhisk:Trigger');
    expect(trigger.inputs.feedParameters).toEqual({ bucket: 'ada-in' });
    expect(deletedBefore(run.resources, trigger, one('kubernetes:apps/v1:Deployment'))).toBe(true);
    expect(run.outputs.events).toEqual({ source: 'pubsub', deadLetters: 'dead-letters-id' });
  });

  test('keep the rules of every stack', () => {
    expectPolicies(run);
  });
});

describe('without a project', () => {
  test('the trigger is fired by hand, and nothing is made on Google Cloud', async () => {
    const byHand = await record(program, EXISTING, answers);
    expect(byHand.outputs.events).toEqual({ source: 'none' });
    expect(byHand.resources.filter(({ type }) => /^(gcp|kubernetes|docker):/.test(type))).toEqual([]);
    expect(only(byHand.resources, 'pulumi-nodejs:dynamic/openwhisk:Trigger').inputs).not.toHaveProperty('feed');
  });
});
