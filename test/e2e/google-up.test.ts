/**
 * Cloud Run, and Google's half of events, by the real `pulumi` and its plugin against a played Google: what is sent, in which
 * order, and that nothing is left. That Google would take it is not proven here.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { onPath } from './on-path';
import { PlayedGoogle } from './played-google/google';
import { type GoogleProxy, startProxy } from './played-google/proxy';

const ROOT = path.resolve(__dirname, '../..');
const MINUTES = 60_000;
const PROJECT = 'ada-lab-123456';
const ACCOUNT = (name: string) => `serviceAccount:${name}@${PROJECT}.iam.gserviceaccount.com`;
const AGENT = (name: string) => `serviceAccount:service-123456789012@${name}.iam.gserviceaccount.com`;

/** Google's half of events alone: the feed needs a cluster. */
const EVENTS = `
import { tellOfNewFiles } from '${ROOT}/infra/events/subscription';
import { makeFeedIdentity } from '${ROOT}/infra/events/identity';
import { openGoogleCloud } from '${ROOT}/infra/google-cloud';

const cloud = openGoogleCloud({ student: 'ada', stack: 'ada', project: '${PROJECT}' });
const { subscription } = tellOfNewFiles(cloud, 'ada-in', 10);
export const key = makeFeedIdentity(cloud, { kind: 'key', rotation: '1' }, subscription, { namespace: 'n', serviceAccount: 's' }).key;
`;

const programs = ['pulumi', 'pulumi-resource-gcp', 'openssl'];
const missing = programs.filter((name) => !onPath('sh', '-c', `command -v ${name}`));
const because = missing.length === 0 ? '' : ` (skipped: no ${missing.join(', no ')} on the PATH)`;

describe.skipIf(missing.length > 0)(`a played Google Cloud${because}`, () => {
  let folder: string;
  let proxy: GoogleProxy;
  let google: PlayedGoogle;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-google-up-'));
    proxy = await startProxy(folder, (request) => google.answer(request));
  });
  afterAll(() => {
    proxy?.close();
    rmSync(folder, { recursive: true });
  });

  /** A stack of the program at `main`. Its commands; each fails with all that Pulumi said. */
  async function stack(name: string, main: string, config: Readonly<Record<string, string>>) {
    const cwd = path.join(folder, `stack-${name}`);
    mkdirSync(cwd);
    writeFileSync(path.join(cwd, 'Pulumi.yaml'), JSON.stringify({ name: 'pdfmagic', main, runtime: 'nodejs' }));
    const env = {
      ...process.env,
      ...proxy.env,
      GOOGLE_OAUTH_ACCESS_TOKEN: 'false-token',
      PULUMI_HOME: path.join(folder, 'home'),
      PULUMI_BACKEND_URL: `file://${cwd}`,
      PULUMI_CONFIG_PASSPHRASE: 'test',
      PULUMI_SKIP_UPDATE_CHECK: 'true',
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
    };
    const pulumi = async (...args: string[]) =>
      (await promisify(execFile)('pulumi', ['--non-interactive', '--color=never', ...args], { cwd, env })).stdout;
    await pulumi('stack', 'init', name);
    for (const [key, value] of Object.entries(config)) await pulumi('config', 'set', `pdfmagic:${key}`, value);
    return {
      up: () => pulumi('up', '--yes', '--skip-preview'),
      refresh: () => pulumi('refresh', '--yes', '--skip-preview'),
      destroy: () => pulumi('destroy', '--yes', '--skip-preview'),
    };
  }

  /** Where in the order of changes the first is that `pattern` fits. */
  const at = (pattern: RegExp): number => {
    const index = google.changes.findIndex((change) => pattern.test(change));
    expect(index, `${pattern} in ${google.changes.join('\n')}`).toBeGreaterThanOrEqual(0);
    return index;
  };

  test(
    'gets the pipeline on Cloud Run, is not bothered again, and is empty after it but for rights of its own agents',
    async () => {
      google = new PlayedGoogle();
      const config = {
        student: 'ada',
        target: 'gke',
        platform: 'cloudrun',
        project: PROJECT,
        image: 'example/convert:1',
      };
      const { up, refresh, destroy } = await stack('cloudrun', ROOT, config);
      await up();
      const services = `run/projects/${PROJECT}/locations/europe-west1/services`;
      const agents = [
        `${AGENT('gcp-sa-eventarc')} roles/eventarc.serviceAgent cloudresourcemanager/projects/${PROJECT}`,
        `${AGENT('gs-project-accounts')} roles/pubsub.publisher cloudresourcemanager/projects/${PROJECT}`,
      ];
      expect(google.rights()).toEqual(
        [
          ...agents,
          `${ACCOUNT('ada-convert')} roles/storage.objectUser storage/b/ada-convert-out`,
          `${ACCOUNT('ada-convert')} roles/storage.objectViewer storage/b/ada-convert-in`,
          `${ACCOUNT('ada-events')} roles/eventarc.eventReceiver cloudresourcemanager/projects/${PROJECT}`,
          `${ACCOUNT('ada-events')} roles/run.invoker ${services}/ada-events`,
          `allUsers roles/run.invoker ${services}/ada-convert`,
        ].sort(),
      );
      expect(at(/^POST eventarc.*triggers$/)).toBeGreaterThan(at(/^POST run.*ada-events:setIamPolicy$/));

      const before = google.changes.length;
      expect(await up()).toMatch(/\d+ unchanged/);
      expect(await refresh()).toMatch(/\d+ unchanged/);
      expect(google.changes.slice(before)).toEqual([]);

      google.changes.length = 0;
      await destroy();
      expect([...google.resources.keys()]).toEqual([]);
      expect(google.rights()).toEqual(agents.sort());
      expect(at(/^DELETE eventarc/)).toBeLessThan(at(/^DELETE run.*ada-events$/));
      expect(at(/^DELETE run.*ada-convert$/)).toBeLessThan(at(/^PUT storage.*\/iam$/));
      expect(at(/^PUT storage.*ada-convert-in\/iam$/)).toBeLessThan(at(/^DELETE storage.*ada-convert-in$/));
    },
    10 * MINUTES,
  );

  test(
    'tells of new files once it may, keeps the dead letters, and is empty after it',
    async () => {
      google = new PlayedGoogle();
      const main = path.join(folder, 'events');
      mkdirSync(main);
      writeFileSync(path.join(main, 'index.ts'), EVENTS);
      symlinkSync(path.join(ROOT, 'node_modules'), path.join(main, 'node_modules'));
      const { up, destroy } = await stack('events', main, {});
      await up();
      const topics = `pubsub/projects/${PROJECT}/topics`;
      const subscriptions = `pubsub/projects/${PROJECT}/subscriptions`;
      expect(google.rights()).toEqual(
        [
          `${ACCOUNT('ada-feed')} roles/pubsub.subscriber ${subscriptions}/ada-new-file`,
          `${AGENT('gcp-sa-pubsub')} roles/pubsub.publisher ${topics}/ada-dead-letters`,
          `${AGENT('gcp-sa-pubsub')} roles/pubsub.subscriber ${subscriptions}/ada-new-file`,
          `${AGENT('gs-project-accounts')} roles/pubsub.publisher ${topics}/ada-new-file`,
        ].sort(),
      );
      expect(google.resources.get(`${subscriptions}/ada-new-file`)).toMatchObject({
        topic: `projects/${PROJECT}/topics/ada-new-file`,
        deadLetterPolicy: { deadLetterTopic: `projects/${PROJECT}/topics/ada-dead-letters`, maxDeliveryAttempts: 10 },
        retryPolicy: { minimumBackoff: '10s', maximumBackoff: '600s' },
        expirationPolicy: {},
      });
      const notification = at(/^POST storage\/b\/ada-in\/notificationConfigs$/);
      expect(notification).toBeGreaterThan(at(/^POST pubsub.*topics\/ada-new-file:setIamPolicy$/));
      expect(notification).toBeGreaterThan(at(/^PUT pubsub.*subscriptions\/ada-new-file$/));
      expect(at(/^PUT pubsub.*subscriptions\/ada-new-file$/)).toBeGreaterThan(
        at(/^PUT pubsub.*subscriptions\/ada-dead-letters$/),
      );

      const before = google.changes.length;
      expect(await up()).toMatch(/\d+ unchanged/);
      expect(google.changes.slice(before)).toEqual([]);

      google.changes.length = 0;
      await destroy();
      expect([...google.resources.keys()]).toEqual([]);
      expect(google.rights()).toEqual([]);
      expect(at(/^DELETE storage.*notificationConfigs/)).toBeLessThan(
        at(/^DELETE pubsub.*subscriptions\/ada-new-file$/),
      );
    },
    10 * MINUTES,
  );
});
