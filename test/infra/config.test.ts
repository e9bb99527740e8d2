import * as pulumi from '@pulumi/pulumi';
import { describe, expect, test } from 'vitest';
import { parseConfig, type RawConfig } from '../../infra/config';

const EXISTING = {
  student: 'ada',
  target: 'existing',
  apihost: 'https://ow.example.org/',
  auth: '23bc46b1-71f6-4ed5-8c54-816aa4f8c502:s3cret-of-a-key',
  image: 'example/action-python-v3.11:imagemagick-pdf',
  python: 'python3.11',
  inBucket: 'ada-in',
  outBucket: 'ada-out',
  serviceAccountKey: JSON.stringify({ type: 'service_account', client_email: 'a@b', private_key: 'PEM' }),
};

function raw(values: Record<string, string>): RawConfig {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [`pdfmagic:${key}`, value]));
}

const parse = (values: Record<string, string>) => parseConfig(raw(values), 'pdfmagic', 'dev');

function problemsOf(values: Record<string, string>): string {
  try {
    parse(values);
  } catch (error) {
    if (error instanceof pulumi.RunError) return error.message;
    throw error;
  }
  return '';
}

describe('the stack config', () => {
  test('needs only a student; the target is this machine unless told', () => {
    expect(parse({ student: 'ada' })).toEqual({
      target: 'local',
      platform: 'openwhisk',
      student: 'ada',
      platformDir: '.pdfmagic',
      adopt: false,
      loss: { byDestroy: true, byReplacement: false },
    });
  });

  test('takes over what others have made only when told so, and not where nothing is made that it is about', () => {
    const google = { student: 'ada', target: 'gke', project: 'a-project', adopt: 'true' };
    for (const config of [{ student: 'ada', adopt: 'true' }, { ...EXISTING, adopt: 'true' }, google]) {
      expect(parse(config)).toMatchObject({ adopt: true });
    }
    expect(parse(EXISTING)).toMatchObject({ adopt: false });
    expect(problemsOf({ ...google, platform: 'cloudrun' })).toContain('pulumi config rm adopt');
    expect(problemsOf({ student: 'ada', adopt: 'yes' })).toContain('pulumi config set adopt true');
  });

  test('lets files go with their bucket only when told so; on this machine destroy may', () => {
    const loss = (forceDestroy?: string) => parse({ student: 'ada', ...(forceDestroy && { forceDestroy }) });
    expect(loss()).toMatchObject({ loss: { byDestroy: true, byReplacement: false } });
    expect(loss('true')).toMatchObject({ loss: { byDestroy: true, byReplacement: true } });
    expect(loss('false')).toMatchObject({ loss: { byDestroy: false, byReplacement: false } });
    const google = { student: 'ada', target: 'gke', project: 'a-project' };
    expect(parse(google)).toMatchObject({ storage: { forceDestroy: false } });
    expect(parse({ ...google, forceDestroy: 'true' })).toMatchObject({ storage: { forceDestroy: true } });
  });

  test('runs on OpenWhisk, or on Cloud Run where that can be had', () => {
    expect(parse({ student: 'ada', platform: 'cloudrun' })).toMatchObject({ target: 'local', platform: 'cloudrun' });
    const google = { student: 'ada', target: 'gke', project: 'a-project' };
    expect(parse(google)).toMatchObject({ platform: 'openwhisk' });
    expect(parse({ ...google, platform: 'cloudrun' })).toMatchObject({ target: 'gke', platform: 'cloudrun' });
    expect(problemsOf({ ...EXISTING, platform: 'cloudrun' })).toContain('target existing does not use');
    expect(problemsOf({ student: 'ada', platform: 'knative' })).toContain(
      'allowed: openwhisk (the default) or cloudrun',
    );
  });

  test('of an existing OpenWhisk keeps its secrets secret', async () => {
    const config = parse(EXISTING);
    if (config.target !== 'existing') throw new Error('wrong target');
    expect(config).toMatchObject({
      apihost: 'https://ow.example.org',
      namespace: '_',
      storage: { inBucket: 'ada-in' },
    });
    expect(await pulumi.isSecret(config.auth)).toBe(true);
    expect(await pulumi.isSecret(config.storage.serviceAccountKey)).toBe(true);
  });

  test.each([
    ['Ada Lovelace', 'capitals and blanks'],
    ['-ada', 'a leading dash'],
    ['ada-', 'a trailing dash'],
    ['1ada', 'a leading digit'],
    ['a'.repeat(52), 'no room for -convert-out in a bucket name'],
    ['googler', 'a prefix that bucket names may not have'],
    ['', 'nothing'],
  ])('refuses the student %j (%s) and says how to fix it', (student) => {
    const text = problemsOf({ student });
    expect(text).toContain(`found:   ${JSON.stringify(student)}`);
    expect(text).toContain('allowed: a DNS label');
    expect(text).toContain('pulumi config set student ada');
  });

  test('names all problems at once', () => {
    const text = problemsOf({ target: 'existing', apihost: 'ow.example.org', studnet: 'ada', platformDir: 'x' });
    for (const key of ['student', 'apihost', 'studnet', 'platformDir', 'auth', 'image', 'inBucket', 'outBucket']) {
      expect(text).toMatch(new RegExp(`^ {2}${key}$`, 'm'));
    }
    expect(text).toContain('has 9 problems');
    expect(text).toContain('pulumi config rm studnet');
    expect(text).toContain('pulumi config set --secret auth UUID:KEY');
  });

  test('never shows a wrong secret', () => {
    const text = problemsOf({ ...EXISTING, auth: 'nearly-a-key', serviceAccountKey: '{"private_key":"PEM"}' });
    expect(text).toContain('not shown');
    expect(text).not.toMatch(/nearly-a-key|PEM"/);
  });

  test('refuses one bucket for both ways, which would convert for ever', () => {
    expect(problemsOf({ ...EXISTING, outBucket: 'ada-in' })).toContain('which is also the input bucket');
  });

  test('refuses a target that there is not', () => {
    expect(problemsOf({ student: 'ada', target: 'mars' })).toContain('found:   "mars"');
  });

  test.each([
    ['student', 'Ada'],
    ['project', 'X'],
    ['zone', 'europe-west1'],
    ['dnsName', 'localhost'],
    ['diskSize', '5'],
    ['coreMachineType', 'big'],
    ['invokerNodesMin', '3'],
    ['objectAge', '0'],
    ['actionMemory', '8192'],
    ['releaseTimeout', '0'],
    ['registry', 'https://docker.io/ada'],
    ['expires', '2027-02-30'],
    ['billingAccount', '1'],
  ])('refuses, before anything is made on Google Cloud, %s %s', (key, value) => {
    const gke = { student: 'ada', target: 'gke', project: 'ada-lab-123456' };
    expect(problemsOf(gke)).toBe('');
    expect(problemsOf({ ...gke, [key]: value })).toContain('pulumi config set');
  });

  test('ignores the config of other projects', () => {
    expect(parseConfig({ ...raw({ student: 'ada' }), 'gcp:project': 'x' }, 'pdfmagic', 'dev').student).toBe('ada');
  });
});

const GKE = { student: 'ada', target: 'gke', project: 'ada-lab-123456' };
const KUBERNETES = {
  student: 'ada',
  target: 'kubernetes',
  apihost: 'https://192.0.2.7:31001',
  kubeconfig: 'k.yaml',
  registry: 'docker.io/ada',
  inBucket: 'ada-in',
  outBucket: 'ada-out',
  serviceAccountKey: EXISTING.serviceAccountKey,
};

describe('the config of events', () => {
  test('is complete on Google Cloud without a word', () => {
    const config = parse(GKE);
    expect(config).toMatchObject({ events: { deliveryAttempts: 10, feedImage: undefined } });
  });

  test('elsewhere the project of the in bucket turns them on', () => {
    expect(parse(EXISTING)).toMatchObject({ events: undefined });
    expect(parse(KUBERNETES)).toMatchObject({ events: undefined });
    expect(parse({ ...KUBERNETES, project: 'ada-lab-123456', deliveryAttempts: '20' })).toMatchObject({
      events: { project: 'ada-lab-123456', stack: 'dev', deliveryAttempts: 20, registry: 'docker.io/ada' },
    });
    const feed = { project: 'ada-lab-123456', kubeconfig: 'k.yaml', feedImage: 'docker.io/ada/feed:1' };
    expect(parse({ ...EXISTING, ...feed })).toMatchObject({
      events: { kubeconfig: 'k.yaml', feedImage: feed.feedImage },
    });
  });

  test('beside an OpenWhisk that exists needs its cluster, and an image or a registry', () => {
    const text = problemsOf({ ...EXISTING, project: 'ada-lab-123456' });
    expect(text).toContain('pulumi config set kubeconfig');
    expect(text).toContain('where to push the image of the feed, or `feedImage` with a ready one');
    const { registry: _registry, ...kubernetes } = KUBERNETES;
    expect(problemsOf({ ...kubernetes, image: 'a/b:1', project: 'ada-lab-123456' })).toContain('image of the feed');
  });

  test('refuses an emulator, which tells nobody of new files', () => {
    const emulated = { storageEndpoint: 'http://127.0.0.1:4443', project: 'ada-lab-123456' };
    expect(problemsOf({ ...KUBERNETES, ...emulated })).toContain('an emulator sends Pub/Sub no events');
  });

  test.each(['deliveryAttempts', 'feedImage', 'kubeconfig'])('refuses %s where there are no events', (name) => {
    const value = name === 'deliveryAttempts' ? '10' : 'x';
    expect(problemsOf({ ...EXISTING, [name]: value })).toContain('without project there are no events');
  });

  test.each(['4', '101', 'many'])('refuses %s attempts, which Pub/Sub does not take', (deliveryAttempts) => {
    expect(problemsOf({ ...GKE, deliveryAttempts })).toContain('5 to 100');
  });

  test('refuses a registry where no image is built', () => {
    const ready = { image: 'a/b:1', registry: 'docker.io/ada' };
    expect(parse({ ...GKE, ...ready })).toMatchObject({ events: { registry: 'docker.io/ada' } });
    expect(problemsOf({ ...GKE, ...ready, feedImage: 'a/feed:1' })).toContain('no image is built');
  });

  test('never shows a key for uploads', () => {
    const text = problemsOf({ ...GKE, uploadKey: '{"private_key":"PEM"}' });
    expect(text).toContain('pulumi config set --secret uploadKey');
    expect(text).not.toContain('PEM"');
  });
});

describe('the config of Cloud Run', () => {
  test('is public, and small, unless told otherwise', () => {
    expect(parse({ ...GKE, platform: 'cloudrun' })).toMatchObject({ cloudRun: { publicApi: true, maxInstances: 5 } });
    const chosen = { publicApi: 'false', maxInstances: '20' };
    expect(parse({ ...GKE, platform: 'cloudrun', ...chosen })).toMatchObject({
      cloudRun: { publicApi: false, maxInstances: 20 },
    });
  });

  test.each(['coreMachineType', 'releaseTimeout', 'keyRotation', 'deliveryAttempts', 'python'])(
    'refuses %s, which only a cluster uses',
    (name) => {
      expect(problemsOf({ ...GKE, platform: 'cloudrun', [name]: '10' })).toContain('platform cloudrun does not use');
    },
  );

  test('has keys that a cluster does not use', () => {
    expect(problemsOf({ ...GKE, publicApi: 'false' })).toContain('platform openwhisk does not use');
  });
});
