/**
 * What runs on Google Cloud without Helm's chart, through the checks of the real plugins: `pulumi preview` with a false token.
 * It asks nothing of Google.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { onPath } from './on-path';

const ROOT = path.resolve(__dirname, '../..');
const MINUTES = 60_000;
const PLUGINS = ['gcp', 'kubernetes', 'docker', 'random', 'tls'];

function whyNot(): string | undefined {
  if (!onPath('pulumi', 'version')) return 'no pulumi on the PATH';
  const missing = PLUGINS.filter((name) => !onPath('sh', '-c', `command -v pulumi-resource-${name}`));
  return missing.length === 0 ? undefined : `no pulumi-resource-${missing.join(', -')} on the PATH`;
}
const reason = whyNot();
const because = reason === undefined ? '' : ` (skipped: ${reason})`;

const KUBECONFIG = `apiVersion: v1
kind: Config
clusters: [{name: lab, cluster: {server: "https://127.0.0.1:9"}}]
users: [{name: ada, user: {token: t}}]
contexts: [{name: lab, context: {cluster: lab, user: ada}}]
current-context: lab
`;
const KEY = JSON.stringify({ type: 'service_account', client_email: 'a@b', private_key: 'PEM' });
const COMMON = { student: 'ada', project: 'ada-lab-123456' };

describe.skipIf(reason !== undefined)(`pulumi preview${because}`, () => {
  const env: Record<string, string | undefined> = {
    ...process.env,
    GOOGLE_OAUTH_ACCESS_TOKEN: 'false-token',
    PULUMI_CONFIG_PASSPHRASE: 'test',
    PULUMI_SKIP_UPDATE_CHECK: 'true',
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
  };
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-google-preview-'));
    writeFileSync(
      path.join(folder, 'Pulumi.yaml'),
      JSON.stringify({ name: 'pdfmagic', main: ROOT, runtime: 'nodejs' }),
    );
    writeFileSync(path.join(folder, 'kubeconfig'), KUBECONFIG);
    env.PULUMI_BACKEND_URL = `file://${folder}`;
    env.PULUMI_HOME = path.join(folder, 'home');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Types of what would be made. @throws Error with all that Pulumi said when it does not accept the stack */
  async function preview(stack: string, config: Readonly<Record<string, string>>): Promise<string[]> {
    const pulumi = async (...args: string[]) =>
      (await promisify(execFile)('pulumi', ['--non-interactive', ...args], { cwd: folder, env, maxBuffer: 1 << 26 }))
        .stdout;
    await pulumi('stack', 'init', stack);
    const settings = Object.entries(config).flatMap(([key, value]) => ['--plaintext', `pdfmagic:${key}=${value}`]);
    await pulumi('config', 'set-all', '--stack', stack, ...settings);
    const { steps } = JSON.parse(await pulumi('preview', '--stack', stack, '--json'));
    return steps.map(({ op, urn }: { op: string; urn: string }) => `${op} ${urn.split('::')[2]?.split('$').at(-1)}`);
  }

  test(
    'accepts the pipeline on Cloud Run',
    async () => {
      const made = await preview('cloudrun', {
        ...COMMON,
        target: 'gke',
        platform: 'cloudrun',
        image: 'example/convert:1',
      });
      expect(made).toEqual(
        expect.arrayContaining([
          'create gcp:cloudrunv2/service:Service',
          'create gcp:cloudrunv2/serviceIamMember:ServiceIamMember',
          'create gcp:eventarc/trigger:Trigger',
          'create gcp:projects/serviceIdentity:ServiceIdentity',
          'create gcp:storage/bucket:Bucket',
        ]),
      );
    },
    10 * MINUTES,
  );

  test(
    'accepts events of a bucket to an OpenWhisk that exists, on a cluster that does not answer',
    async () => {
      const made = await preview('existing', {
        ...COMMON,
        target: 'existing',
        apihost: 'https://ow.example.org',
        auth: '23bc46b1-71f6-4ed5-8c54-816aa4f8c502:k',
        image: 'example/python:1',
        python: 'python3',
        inBucket: 'ada-in',
        outBucket: 'ada-out',
        serviceAccountKey: KEY,
        kubeconfig: path.join(folder, 'kubeconfig'),
        feedImage: 'example/feed:1',
      });
      expect(made).toEqual(
        expect.arrayContaining([
          'create gcp:pubsub/topic:Topic',
          'create gcp:pubsub/subscription:Subscription',
          'create gcp:pubsub/subscriptionIAMMember:SubscriptionIAMMember',
          'create gcp:storage/notification:Notification',
          'create gcp:serviceaccount/key:Key',
          'create kubernetes:apps/v1:Deployment',
          'create kubernetes:networking.k8s.io/v1:NetworkPolicy',
        ]),
      );
    },
    10 * MINUTES,
  );
});
