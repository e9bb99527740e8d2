/** The image of feed/ on a real engine, as the pod of infra/parts/events/pod.ts runs it: without rights, network or a writable file. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { bundleFeed } from '../../feed/bundle';
import { docker, whyNot } from './engine';

const reason = whyNot();
const because = reason === undefined ? '' : ` (skipped: ${reason})`;
const MINUTES = 60_000;
const NODE = `pdfmagic-test/node:${process.version}`;
const ENVIRONMENT = {
  OPENWHISK_APIHOST: 'http://127.0.0.1:9',
  OPENWHISK_AUTH: 'UUID:KEY',
  TRIGGER: 'new-file',
  SUBSCRIPTION: 'projects/p/subscriptions/s',
};

/** In place of the base image of the Dockerfile: the Node.js that runs this test, with its libraries. */
function importNode(): void {
  const script = `set -eu
    files=$(ldd "$1" | grep -o '/[^ ]*')
    tar -c -h -P -f - "$1" $files | docker import --change "ENV PATH=$(dirname "$1")" - "$2"`;
  execFileSync('sh', ['-c', script, 'sh', process.execPath, NODE], { stdio: ['ignore', 'ignore', 'pipe'] });
}

describe.skipIf(reason !== undefined)(`the image of the feed${because}`, () => {
  const image = `pdfmagic-test/feed:of-${process.pid}`;
  let folder: string;
  let container = '';

  /** Asks the service from inside, since it has no network. */
  function ask(method: string, url: string): string {
    const script = `fetch('http://127.0.0.1:8080${url}', {method: '${method}'}).then(
      async (answer) => console.log(answer.status, await answer.text()), (error) => console.log(error.message))`;
    return docker('exec', container, 'node', '-e', script).trim();
  }

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-feed-image-'));
    await bundleFeed(folder);
    importNode();
    docker('build', '--quiet', '--force-rm', `--build-arg=BASE_IMAGE=${NODE}`, '--tag', image, folder);
    const bare = [
      '--read-only',
      '--cap-drop=ALL',
      '--security-opt=no-new-privileges',
      '--memory=256m',
      '--network=none',
    ];
    const env = Object.entries(ENVIRONMENT).map(([name, value]) => `--env=${name}=${value}`);
    container = docker('run', '--detach', ...bare, ...env, image).trim();
    await vi.waitFor(() => expect(ask('GET', '/live')).toBe('200 {"live":true}'), { timeout: MINUTES, interval: 500 });
  }, 10 * MINUTES);

  afterAll(() => {
    if (container !== '') docker('rm', '--force', container);
    docker('image', 'rm', '--force', image, NODE);
    rmSync(folder, { recursive: true });
  });

  test('runs as a user without rights that Kubernetes can tell from root', () => {
    expect(docker('image', 'inspect', '--format', '{{.Config.User}}', image).trim()).toBe('1000:1000');
    expect(docker('exec', container, 'node', '-p', 'process.getuid()').trim()).toBe('1000');
  });

  test('is alive without OpenWhisk, but not ready', () => {
    expect(ask('GET', '/ready')).toMatch(/^503 .*"ready":false/);
  });

  test('takes orders from nobody without the key', () => {
    expect(ask('PUT', '/triggers/_/new-file')).toMatch(/^401 /);
  });

  test('ends cleanly when it is told to, well within the time that its pod gives it', () => {
    docker('stop', '--time=30', container);
    expect(docker('inspect', '--format', '{{.State.ExitCode}}', container).trim()).toBe('0');
    expect(docker('logs', container)).toContain('feed: stopped.');
  });
});
