/** The digests of images: asked once, held from then on. On a played registry, and on Debian's where that is on the PATH. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { parseReference } from '../../infra/cluster-waits/src/image-digests/reference';
import { imageDigests } from '../../infra/cluster-waits/src/providers';
import { digestOf, type PlayedRegistry, playRegistry } from './played-registry';
import { TestClock } from './test-clock';

let registry: PlayedRegistry;
let folder: string;
beforeAll(async () => {
  registry = await playRegistry();
  folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-registry-'));
});
afterAll(() => {
  registry.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  registry.manifests.clear();
  registry.manifests.set('openwhisk/controller:1', 'first');
  registry.asked.splice(0);
  Object.assign(registry, { login: undefined, tells: true });
  vi.stubEnv('DOCKER_CONFIG', folder);
});
afterEach(() => vi.unstubAllEnvs());

const images = (name = 'openwhisk/controller:1') => ({ controller: `${registry.host}/${name}` });
const create = (inputs = { images: images() }) => imageDigests.create(inputs, new TestClock());

describe('the digest of a tag', () => {
  test('is asked with a token that everybody gets, and without what counts as a pull', async () => {
    const { outs } = await create();
    expect(outs).toEqual({ images: images(), digests: { controller: digestOf('first') } });
    expect(registry.asked).toEqual([
      'HEAD /v2/openwhisk/controller/manifests/1',
      'HEAD /v2/openwhisk/controller/manifests/1',
    ]);
  });

  test('is held when the tag comes to mean something else, and nobody is asked again', async () => {
    const { outs: olds } = await create();
    registry.manifests.set('openwhisk/controller:1', 'second');
    registry.manifests.set('apache/couchdb:2.3', 'database');
    registry.asked.splice(0);
    const news = { images: { ...images(), db: `${registry.host}/apache/couchdb:2.3` } };
    const { outs } = await imageDigests.update('id', olds, news, new TestClock());
    expect(outs.digests).toEqual({ controller: digestOf('first'), db: digestOf('database') });
    expect(registry.asked.join()).not.toContain('controller');
  });

  test('is asked anew for another tag', async () => {
    const { outs: olds } = await create();
    registry.manifests.set('openwhisk/controller:2', 'second');
    const { outs } = await imageDigests.update(
      'id',
      olds,
      { images: images('openwhisk/controller:2') },
      new TestClock(),
    );
    expect(outs.digests).toEqual({ controller: digestOf('second') });
  });

  test('is computed where the registry does not tell it', async () => {
    registry.tells = false;
    expect((await create()).outs.digests).toEqual({ controller: digestOf('first') });
  });

  test.each([429, 500, 503])('is waited for when the registry answers %i for a while', async (status) => {
    registry.sick.push(status, status);
    expect((await create()).outs.digests).toEqual({ controller: digestOf('first') });
  });

  test('comes by the login that docker has for the registry', async () => {
    registry.login = 'ada:p4ss';
    await expect(create()).rejects.toThrow(/does not show openwhisk\/controller:1 without a login/);
    const auths = { [registry.host]: { auth: btoa('ada:p4ss') } };
    writeFileSync(path.join(folder, 'config.json'), JSON.stringify({ auths }));
    expect((await create()).outs.digests).toEqual({ controller: digestOf('first') });
  });

  test('that is not there is missed in words, each with its registry, and what else to do', async () => {
    const news = { images: { ...images('openwhisk/gone:1'), db: '127.0.0.1:9/db:2' }, otherwise: 'Set imageMirror.' };
    const failure = imageDigests.create(news, new TestClock());
    await expect(failure).rejects.toThrow(/has no openwhisk\/gone:1/);
    await expect(failure).rejects.toThrow(/the registry 127\.0\.0\.1:9 cannot be reached/);
    await expect(failure).rejects.toThrow(/Set imageMirror\.$/);
  });

  test('is not asked of what is no name', async () => {
    const { failures } = await imageDigests.check({}, { images: { a: 'A B', b: 'nginx@sha256:1', c: 'nginx:1' } });
    expect(failures?.map(({ reason }) => reason.split(':')[0])).toEqual(['images.a', 'images.b']);
  });
});

test.each([
  ['nginx:1.21.1', 'docker.io', 'library/nginx', '1.21.1'],
  ['docker.io/openwhisk/controller:ef725a6', 'docker.io', 'openwhisk/controller', 'ef725a6'],
  ['localhost/a:b', 'localhost', 'a', 'b'],
  ['registry.lab:5000/hub/library/redis', 'registry.lab:5000', 'hub/library/redis', 'latest'],
])('the name %s is taken apart', (name, host, repository, tag) => {
  expect(parseReference(name)).toEqual({ registry: host, repository, tag });
});

const isMissing = spawnSync('docker-registry', ['--version']).error !== undefined;
describe.skipIf(isMissing)(`on Debian's docker-registry${isMissing ? ' (skipped: it is not on the PATH)' : ''}`, () => {
  test('the digest is the one that the registry knows the image by', async () => {
    const settings = path.join(folder, 'registry.yml');
    const log = path.join(folder, 'registry.log');
    const storage = { filesystem: { rootdirectory: path.join(folder, 'images') } };
    writeFileSync(settings, JSON.stringify({ version: 0.1, storage, http: { addr: '127.0.0.1:0' } }));
    const server = spawn('docker-registry', ['serve', settings], { stdio: ['ignore', 'ignore', openSync(log, 'w')] });
    try {
      const port = await readPort(log);
      const at = `http://127.0.0.1:${port}/v2/ada/empty`;
      const digest = digestOf('{}');
      const { headers } = await fetch(`${at}/blobs/uploads/`, { method: 'POST' });
      const place = new URL(headers.get('location') ?? '', at);
      place.searchParams.set('digest', digest);
      const octets = { 'content-type': 'application/octet-stream' };
      expect((await fetch(place, { method: 'PUT', body: '{}', headers: octets })).status).toBe(201);
      const mediaType = 'application/vnd.docker.distribution.manifest.v2+json';
      const config = { mediaType: 'application/vnd.docker.container.image.v1+json', size: 2, digest };
      const manifest = JSON.stringify({ schemaVersion: 2, mediaType, config, layers: [] });
      const put = { method: 'PUT', body: manifest, headers: { 'content-type': mediaType } };
      expect((await fetch(`${at}/manifests/1`, put)).status).toBe(201);
      const { outs } = await imageDigests.create({ images: { empty: `127.0.0.1:${port}/ada/empty:1` } });
      expect(outs.digests).toEqual({ empty: digestOf(manifest) });
    } finally {
      server.kill();
      await once(server, 'exit');
    }
  });
});

/** The port that a registry says in its log that it listens on. */
function readPort(log: string): Promise<string> {
  return vi.waitFor(() => {
    const [, port] = /listening on 127\.0\.0\.1:(\d+)/.exec(readFileSync(log, 'utf8')) ?? [];
    if (port === undefined) throw new Error(readFileSync(log, 'utf8'));
    return port;
  }, 20_000);
}
