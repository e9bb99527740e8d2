import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import program from '../../index';
import { writeStandInChart } from '../openwhisk-release/stand-in-chart';
import { answers } from './answers';
import { all, deletedBefore, needsOf, only } from './graph';
import { expectPolicies } from './policies';
import { type Recorded, type Recording, record } from './recording';
import { becomeReady } from './student-machine';

const CONFIG = { student: 'ada', target: 'gke', project: 'ada-lab-123456', python: 'python3', deliveryAttempts: '20' };
const SUBSCRIPTION = 'gcp:pubsub/subscription:Subscription';
const DEPLOYMENT = 'kubernetes:apps/v1:Deployment';
const TRIGGER = 'pulumi-nodejs:dynamic/openwhisk:Trigger';

let run: Recording;
let leave: () => void;
const chart = writeStandInChart();
beforeAll(async () => {
  leave = becomeReady();
  run = await record(program, { ...CONFIG, ...chart.config }, answers);
}, 300_000);
afterAll(() => {
  leave();
  chart.remove();
});

const one = (type: string, name?: string): Recorded => only(run.resources, type, name);
const every = (type: string): Recorded[] => all(run.resources, type);
const isAfter = (later: Recorded, earlier: Recorded): boolean => needsOf(run.resources, later).has(earlier.urn);
const rightsOf = (type: string): string[] =>
  every(type)
    .map(({ inputs }) => `${inputs.member} ${inputs.role} ${inputs.topic ?? inputs.subscription}`)
    .sort();

describe('a new file in a bucket on Google Cloud', () => {
  test('is told to a topic, once Cloud Storage may publish there, and somebody keeps it', () => {
    const notification = one('gcp:storage/notification:Notification');
    expect(notification.inputs).toMatchObject({
      bucket: 'ada-convert-in-1a2b3c4d',
      payloadFormat: 'JSON_API_V1',
      eventTypes: ['OBJECT_FINALIZE'],
    });
    expect(isAfter(notification, one('gcp:pubsub/topicIAMMember:TopicIAMMember', 'storage-publishes'))).toBe(true);
    expect(isAfter(notification, one(SUBSCRIPTION, 'new-file'))).toBe(true);
  });

  test('waits in a subscription that never expires, and comes again with longer and longer pauses', () => {
    expect(one(SUBSCRIPTION, 'new-file').inputs).toMatchObject({
      name: 'ada-new-file',
      ackDeadlineSeconds: 60,
      messageRetentionDuration: '604800s',
      expirationPolicy: { ttl: '' },
      retryPolicy: { minimumBackoff: '10s', maximumBackoff: '600s' },
      labels: { student: 'ada' },
    });
  });

  test('is a dead letter after the configured attempts, and is kept as such', () => {
    const subscription = one(SUBSCRIPTION, 'new-file');
    expect(subscription.inputs.deadLetterPolicy).toEqual({
      deadLetterTopic: 'dead-letters-id',
      maxDeliveryAttempts: 20,
    });
    const kept = one(SUBSCRIPTION, 'dead-letters');
    expect(kept.inputs).toMatchObject({
      topic: 'dead-letters-id',
      messageRetentionDuration: '2678400s',
      expirationPolicy: { ttl: '' },
    });
    // Without these Pub/Sub would throw it away.
    expect(isAfter(subscription, kept)).toBe(true);
    expect(isAfter(subscription, one('gcp:pubsub/topicIAMMember:TopicIAMMember', 'pubsub-buries'))).toBe(true);
    expect(run.outputs.events).toEqual({ source: 'pubsub', deadLetters: 'dead-letters-id' });
  });

  test('is handled by nobody with more rights than that takes', () => {
    expect(rightsOf('gcp:pubsub/topicIAMMember:TopicIAMMember')).toEqual([
      'serviceAccount:agent-of-pubsub roles/pubsub.publisher ada-dead-letters',
      'serviceAccount:agent-of-storage roles/pubsub.publisher ada-new-file',
    ]);
    expect(rightsOf('gcp:pubsub/subscriptionIAMMember:SubscriptionIAMMember')).toEqual([
      'serviceAccount:ada-feed@lab.iam.gserviceaccount.com roles/pubsub.subscriber ada-new-file',
      'serviceAccount:agent-of-pubsub roles/pubsub.subscriber ada-new-file',
    ]);
  });
});

describe('the feed on the cluster', () => {
  test('is who it is by workload identity: there is no key', () => {
    expect(one('gcp:serviceaccount/iAMMember:IAMMember', 'feed-acts-as').inputs).toMatchObject({
      serviceAccountId: 'projects/lab/serviceAccounts/ada-feed',
      role: 'roles/iam.workloadIdentityUser',
      member: 'serviceAccount:ada-lab-123456.svc.id.goog[ada-pdfmagic-feed/feed]',
    });
    expect(one('kubernetes:core/v1:ServiceAccount').inputs.metadata).toMatchObject({
      name: 'feed',
      namespace: 'ada-pdfmagic-feed',
      annotations: { 'iam.gke.io/gcp-service-account': 'ada-feed@lab.iam.gserviceaccount.com' },
    });
    expect(every('gcp:serviceaccount/key:Key').map(({ name }) => name)).not.toContain('feed');
    expect(JSON.stringify(one('kubernetes:core/v1:Secret', 'feed').inputs)).not.toContain('key.json');
  });

  test('is one pod, of no rights on its node, that says how it is and ends in time', () => {
    const { inputs } = one(DEPLOYMENT);
    expect(inputs.spec).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
    const { spec } = Object(inputs.spec).template;
    expect(spec).toMatchObject({
      serviceAccountName: 'feed',
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 30,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(spec.containers).toHaveLength(1);
    expect(spec.containers[0]).toMatchObject({
      image: expect.stringMatching(
        /^europe-west1-docker\.pkg\.dev\/ada-lab-123456\/ada-pdfmagic\/feed:feed-[0-9a-f]{12}$/,
      ),
      readinessProbe: { httpGet: { path: '/ready' } },
      livenessProbe: { httpGet: { path: '/live' } },
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      },
      resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '256Mi' } },
    });
  });

  test('knows where OpenWhisk is and whom to trust; its key is in a Secret alone', () => {
    const [container] = Object(one(DEPLOYMENT).inputs.spec).template.spec.containers;
    const env: { name: string }[] = container.env;
    expect(env).toEqual(
      expect.arrayContaining([
        { name: 'OPENWHISK_APIHOST', value: 'https://192.0.2.7' },
        { name: 'SUBSCRIPTION', value: 'new-file-id' },
        { name: 'TRIGGER', value: 'new-file' },
        { name: 'NODE_EXTRA_CA_CERTS', value: '/etc/feed/ca.pem' },
        { name: 'OPENWHISK_AUTH', valueFrom: { secretKeyRef: { name: 'feed-1a2b3c', key: 'auth' } } },
      ]),
    );
    const secret = one('kubernetes:core/v1:Secret', 'feed');
    expect(secret.inputs).toMatchObject({ immutable: true, stringData: { 'ca.pem': 'CA-CERTIFICATE' } });
    expect(secret.secrets).toContain('stringData');
    expectPolicies(run);
  });

  test('is reached by containers of actions, and by nobody else', () => {
    expect(one('kubernetes:networking.k8s.io/v1:NetworkPolicy', 'feed').inputs.spec).toEqual({
      podSelector: { matchLabels: { app: 'feed' } },
      policyTypes: ['Ingress'],
      ingress: [
        {
          from: [
            {
              namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'openwhisk' } },
              podSelector: { matchLabels: { 'user-action-pod': 'true' } },
            },
          ],
          ports: [{ protocol: 'TCP', port: 8080 }],
        },
      ],
    });
    expect(one('kubernetes:core/v1:Service', 'feed').inputs.spec).not.toHaveProperty('type');
  });

  test('is there, with its action, before the trigger is registered, and until it is unregistered', () => {
    const trigger = one(TRIGGER);
    const action = one('pulumi-nodejs:dynamic/openwhisk:Action', 'new-file-feed');
    expect(trigger.inputs).toMatchObject({
      feed: '/_/pdfmagic/new-file-feed',
      feedParameters: { bucket: 'ada-convert-in-1a2b3c4d' },
    });
    expect(action.inputs.parameters).toMatchObject({ settings: { 'feed-url': 'http://feed.ada-pdfmagic-feed.svc' } });
    for (const needed of [
      action,
      one(DEPLOYMENT),
      one('kubernetes:core/v1:Service', 'feed'),
      one('kubernetes:networking.k8s.io/v1:NetworkPolicy', 'feed'),
    ]) {
      expect(deletedBefore(run.resources, trigger, needed), needed.urn).toBe(true);
    }
  });

  test('is gone before what it needs: OpenWhisk, the cluster, its rights, its subscription', () => {
    const deployment = one(DEPLOYMENT);
    for (const needed of [
      one('kubernetes:helm.sh/v3:Release'),
      one('kubernetes:core/v1:Namespace', 'feed'),
      one('kubernetes:core/v1:Secret', 'feed'),
      one('gcp:container/cluster:Cluster'),
      one('gcp:serviceaccount/iAMMember:IAMMember', 'feed-acts-as'),
      ...every('gcp:pubsub/subscriptionIAMMember:SubscriptionIAMMember'),
      ...every(SUBSCRIPTION),
      ...every('gcp:pubsub/topic:Topic'),
      one('gcp:storage/notification:Notification'),
    ]) {
      expect(deletedBefore(run.resources, deployment, needed), needed.urn).toBe(true);
    }
  });
});
