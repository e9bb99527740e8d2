import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readOutputs, stackOf } from '../../cli/stack/stack';
import program from '../../index';
import { answers } from './answers';
import { all, deletedBefore, needsOf, only } from './graph';
import { expectPolicies } from './policies';
import { type Recorded, type Recording, record } from './recording';
import { becomeReady } from './student-machine';

const CONFIG = {
  student: 'ada',
  target: 'gke',
  platform: 'cloudrun',
  project: 'ada-lab-123456',
  expires: '2027-01-31',
};
const SERVICE = 'gcp:cloudrunv2/service:Service';
const INVOKER = 'gcp:cloudrunv2/serviceIamMember:ServiceIamMember';
const RIGHT = 'gcp:projects/iAMMember:IAMMember';
const TRIGGER = 'gcp:eventarc/trigger:Trigger';

const SIGNER = JSON.stringify({ type: 'application-default', sign_as: 'ada-signer@lab.iam.gserviceaccount.com' });
/** What the service is told for its page. */
const OF_THE_PAGE = [
  { name: 'GCS_KEY', value: SIGNER },
  { name: 'IN_BUCKET', value: 'ada-convert-in-1a2b3c4d' },
  { name: 'UPLOAD_KEY', value: SIGNER },
  { name: 'OBJECT_AGE', value: '7' },
];

let run: Recording;
let leave: () => void;
beforeAll(async () => {
  leave = becomeReady();
  run = await record(program, CONFIG, answers);
}, 300_000);
afterAll(() => leave());

const one = (type: string, name?: string): Recorded => only(run.resources, type, name);
const every = (type: string): Recorded[] => all(run.resources, type);

describe('a stack on Cloud Run', () => {
  test('has neither a cluster nor an OpenWhisk, and no key', () => {
    const types = new Set(run.resources.map(({ type }) => type));
    for (const type of types) expect(type).not.toMatch(/^kubernetes:|^gcp:container|^gcp:compute|openwhisk|Key$/);
  });

  test('enables just the APIs it needs', () => {
    expect(
      every('gcp:projects/service:Service')
        .map(({ name }) => name)
        .sort(),
    ).toEqual([
      'artifactregistry',
      'cloudresourcemanager',
      'eventarc',
      'iam',
      'iamcredentials',
      'pubsub',
      'run',
      'storage',
    ]);
  });

  test('costs nothing while nobody converts, and has room for two conversions in each container', () => {
    expect(new Set(every(SERVICE).map(({ name }) => name))).toEqual(new Set(['api', 'events']));
    for (const { name, inputs } of every(SERVICE)) {
      expect(inputs).toMatchObject({
        location: 'europe-west1',
        deletionProtection: false,
        labels: { student: 'ada', expires: '2027-01-31' },
        template: {
          scaling: { minInstanceCount: 0, maxInstanceCount: 5 },
          maxInstanceRequestConcurrency: 2,
          timeout: '60s',
          containers: [
            {
              image: expect.stringMatching(/\/ada-lab-123456\/ada-pdfmagic\/convert:cloudrun-[0-9a-f]{12}$/),
              resources: { limits: { cpu: '1', memory: '2Gi' }, cpuIdle: true },
              envs: [
                { name: 'OUT_BUCKET', value: 'ada-convert-out-1a2b3c4d' },
                ...(name === 'api' ? OF_THE_PAGE : []),
                { name: 'CONCURRENCY', value: '2' },
                { name: 'SERVES', value: name },
              ],
              startupProbe: { httpGet: { path: '/ready' }, periodSeconds: 2, timeoutSeconds: 2, failureThreshold: 30 },
              livenessProbe: { httpGet: { path: '/live' }, periodSeconds: 30, timeoutSeconds: 5 },
            },
          ],
        },
      });
    }
  });

  test('reads one bucket and writes the other, as itself', () => {
    const identities = every(SERVICE).map(({ inputs }) => Object(inputs.template).serviceAccount);
    expect(identities.sort()).toEqual([
      'ada-convert-new@lab.iam.gserviceaccount.com',
      'ada-convert@lab.iam.gserviceaccount.com',
    ]);
    const rights = every('gcp:storage/bucketIAMMember:BucketIAMMember').map(
      ({ inputs }) => `${inputs.member} ${inputs.role} ${inputs.bucket}`,
    );
    expect(rights.sort()).toEqual([
      'serviceAccount:ada-convert-new@lab.iam.gserviceaccount.com roles/storage.objectUser ada-convert-out-1a2b3c4d',
      'serviceAccount:ada-convert-new@lab.iam.gserviceaccount.com roles/storage.objectViewer ada-convert-in-1a2b3c4d',
      'serviceAccount:ada-convert@lab.iam.gserviceaccount.com roles/storage.objectUser ada-convert-out-1a2b3c4d',
      'serviceAccount:ada-convert@lab.iam.gserviceaccount.com roles/storage.objectViewer ada-convert-in-1a2b3c4d',
      'serviceAccount:ada-signer@lab.iam.gserviceaccount.com roles/storage.objectCreator ada-convert-in-1a2b3c4d',
      'serviceAccount:ada-signer@lab.iam.gserviceaccount.com roles/storage.objectViewer ada-convert-out-1a2b3c4d',
    ]);
  });

  test('has URLs of its page signed by an account that can do no more, and only the public service may ask for that', () => {
    const rights = every('gcp:serviceaccount/iAMMember:IAMMember').map(
      ({ inputs }) => `${inputs.member} ${inputs.role} ${inputs.serviceAccountId}`,
    );
    expect(rights).toEqual([
      expect.stringMatching(
        /^serviceAccount:ada-convert@lab.iam.gserviceaccount.com roles\/iam.serviceAccountTokenCreator .*ada-signer/,
      ),
    ]);
  });

  test('has a page at a URL that is known before the service is: the buckets let just its scripts use them', () => {
    const { page } = run.outputs as { page: string };
    expect(page).toBe('https://ada-convert-123456789012.europe-west1.run.app/convert/');
    const allowed = every('gcp:storage/bucket:Bucket').map(({ inputs }) => Object(inputs.cors)[0]);
    expect(allowed.map(({ origins, method, methods }) => [origins, method ?? methods])).toEqual([
      [[new URL(page).origin], ['PUT']],
      [[new URL(page).origin], ['GET']],
    ]);
  });

  test('lets the world convert, without a right for everyone, and nobody but Eventarc bring events', () => {
    const rights = every(INVOKER).map(({ inputs }) => `${inputs.member} ${inputs.role} ${inputs.name}`);
    expect(one(SERVICE, 'api').inputs.invokerIamDisabled).toBe(true);
    expect(one(SERVICE, 'events').inputs.invokerIamDisabled).toBe(false);
    expect(rights.sort()).toEqual([
      'serviceAccount:ada-events@lab.iam.gserviceaccount.com roles/run.invoker ada-events',
    ]);
    expect(one(SERVICE, 'api').inputs.ingress).toBe('INGRESS_TRAFFIC_ALL');
    expect(one(SERVICE, 'events').inputs.ingress).toBe('INGRESS_TRAFFIC_INTERNAL_ONLY');
  });

  test("gets each new file of the in bucket as a CloudEvent, once Google's agents may bring it", () => {
    const trigger = one(TRIGGER);
    expect(trigger.inputs).toMatchObject({
      location: 'europe-west1',
      matchingCriterias: [
        { attribute: 'type', value: 'google.cloud.storage.object.v1.finalized' },
        { attribute: 'bucket', value: 'ada-convert-in-1a2b3c4d' },
      ],
      destination: { cloudRunService: { service: 'ada-events', region: 'europe-west1', path: '/events' } },
      serviceAccount: 'ada-events@lab.iam.gserviceaccount.com',
    });
    const rights = every(RIGHT);
    expect(rights.map(({ inputs }) => `${inputs.member} ${inputs.role}`).sort()).toEqual([
      'serviceAccount:ada-events@lab.iam.gserviceaccount.com roles/eventarc.eventReceiver',
      'serviceAccount:agent-of-eventarc roles/eventarc.serviceAgent',
      'serviceAccount:agent-of-storage roles/pubsub.publisher',
    ]);
    for (const needed of [
      ...rights,
      one(INVOKER, 'eventarc-invokes'),
      one('gcp:projects/serviceIdentity:ServiceIdentity'),
    ]) {
      expect(needsOf(run.resources, trigger).has(needed.urn), needed.urn).toBe(true);
    }
  });

  test('shows where people call it, and where Eventarc does', () => {
    expect(run.outputs).toMatchObject({
      platform: 'cloudrun',
      url: 'https://api.run.example',
      endpoints: {
        v1: 'https://api.run.example/convert/pdf',
        v2: 'https://api.run.example/convert/pdf',
        v3: 'https://events.run.example/events',
      },
      events: { source: 'pubsub' },
    });
  });

  test('has the outputs that the command pdfmagic reads', () => {
    const stack = stackOf(readOutputs(run.outputs, 'the stack'), async () => 'none');
    expect(stack).toMatchObject({ platform: 'cloudrun', endpoints: { v1: 'https://api.run.example/convert/pdf' } });
    expect(stack.openwhisk).toBeUndefined();
  });

  test("takes no right from Google's agents when it goes: others in the project need it as well", () => {
    const retained = run.resources.filter((each) => each.retained).map(({ name }) => name);
    expect(retained.sort()).toEqual(['eventarc-agent', 'storage-agent-publishes']);
  });

  test('goes in order: trigger, services, rights, buckets', () => {
    const first = (one: Recorded, next: Recorded): void =>
      expect(deletedBefore(run.resources, one, next), `${one.urn} before ${next.urn}`).toBe(true);
    first(one(TRIGGER), one(SERVICE, 'events'));
    for (const service of every(SERVICE)) {
      const identity = service.name === 'api' ? 'convert' : 'convert-new';
      first(service, one('gcp:serviceaccount/account:Account', identity));
      for (const right of ['reads', 'writes'])
        first(service, one('gcp:storage/bucketIAMMember:BucketIAMMember', `${identity}-${right}`));
      for (const bucket of every('gcp:storage/bucket:Bucket')) first(service, bucket);
    }
    for (const bucket of every('gcp:storage/bucket:Bucket')) expect(bucket.inputs.forceDestroy).toBe(false);
  });

  test('keeps the rules of every stack', () => {
    expectPolicies(run);
  });
});

describe('a stack on Cloud Run that is not public', () => {
  test('has nobody who may call its API but whom the project lets', async () => {
    const closed = await record(program, { ...CONFIG, publicApi: 'false', image: 'ada/convert:1' }, answers);
    expect(only(closed.resources, SERVICE, 'api').inputs.invokerIamDisabled).toBe(false);
    expect(all(closed.resources, INVOKER).map(({ name }) => name)).toEqual(['eventarc-invokes']);
    expect(all(closed.resources, 'docker:index/image:Image')).toEqual([]);
    // A browser has no identity to show.
    expect(closed.outputs).not.toHaveProperty('page');
    for (const { inputs } of all(closed.resources, 'gcp:storage/bucket:Bucket')) expect(inputs.cors).toBeUndefined();
    expect(JSON.stringify(closed.resources)).not.toContain('signer');
    expectPolicies(closed);
  });
});
