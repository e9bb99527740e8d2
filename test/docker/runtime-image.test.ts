/**
 * `runtime/Dockerfile` on a real engine: what it makes, what that refuses, and its way through a registry. With
 * PDFMAGIC_TEST_BASE_IMAGE on another base image than the stand-in, a real one for example.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countPages } from '../../cli/demo/check-pdf';
import { type PackagedActions, PROJECT_ROOT, packageActions } from '../../infra/packaging';
import { ActionContainer } from './action-container';
import { buildRuntimeImage, docker, testBase, whyNot } from './engine';
import { hasRegistry, type Registry, startRegistry } from './registry';

const PHOTO = readFileSync(path.join(PROJECT_ROOT, 'examples', 'photo.jpg'));
const REPOSITORY = 'pdfmagic/action-python';
const reason = whyNot();
const because = (why: string | undefined) => (why === undefined ? '' : ` (skipped: ${why})`);
const MINUTES = 60_000;

describe.skipIf(reason !== undefined)(`the runtime image${because(reason)}`, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-image-'));
  const built: string[] = [];
  let base: string;
  let image: string;
  const build = (repository: string, context?: string) => {
    const name = buildRuntimeImage(base, repository, context);
    built.push(name);
    return name;
  };
  beforeAll(() => {
    base = testBase();
    image = build(`test-${process.pid}/action-python`);
  }, 20 * MINUTES);
  afterAll(async () => {
    for (const name of built) spawnSync('docker', ['rmi', '--force', name]);
    await rm(folder, { recursive: true, force: true });
  });

  const convert = (from: string, to: string) =>
    spawnSync('docker', ['run', '--rm', '-i', '--entrypoint', '/usr/bin/convert', image, from, to], {
      input: PHOTO,
      maxBuffer: 2 ** 26,
    });

  test('makes a PDF of a JPEG', async () => {
    const { status, stdout } = convert('jpeg:-', 'pdf:-');
    expect(status).toBe(0);
    expect(await countPages(stdout)).toBe(1);
  });

  test.each(['ps:-', 'eps:-', 'mvg:-', 'msl:-', 'xps:-', 'pdf:-', 'label:x', 'label:@/etc/passwd'])(
    'refuses to read %s',
    (from) => {
      const { status, stderr } = convert(from, 'pdf:-');
      expect(status).not.toBe(0);
      expect(stderr.toString()).toMatch(/not.* allowed|not authorized/);
    },
  );

  test.each(['http://127.0.0.1/a.jpg', 'https://127.0.0.1/a.jpg', 'ftp://127.0.0.1/a.jpg'])('fetches no %s', (from) => {
    const { status, stderr } = convert(from, 'pdf:-');
    expect(status).not.toBe(0);
    expect(stderr.toString()).toMatch(/not.* allowed|not authorized|no decode delegate/);
  });

  test.each(['ps:-', 'eps:-', 'mvg:-', 'png:-'])('refuses to write %s', (to) => {
    const { status, stderr } = convert('jpeg:-', to);
    expect(status).not.toBe(0);
    expect(stderr.toString()).toMatch(/not.* allowed|not authorized/);
  });

  test('keeps entry point, user and execution environment of its base', () => {
    const config = (name: string) => docker('image', 'inspect', '--format', '{{json .Config}}', name);
    const kept = ({ Entrypoint, User, WorkingDir, Env }: Record<string, unknown>) => ({
      Entrypoint,
      User,
      WorkingDir,
      Env,
    });
    expect(kept(JSON.parse(config(image)))).toEqual(kept(JSON.parse(config(base))));
    expect(config(image)).toContain('"OW_EXECUTION_ENV=');
  });

  test('holds no package lists, no packages and nothing of its build', () => {
    const places = '/var/lib/apt/lists /var/cache/apt/archives /tmp';
    const left = docker('run', '--rm', '--entrypoint', '/bin/sh', image, '-c', `find ${places} -type f ! -name lock`);
    expect(left).toBe('');
  });

  test.each([
    [
      'the policy forbids PDF',
      'policy.xml',
      (text: string) => text.replace('<policy domain="coder" rights="write" pattern="PDF"/>', ''),
      /not authorized|not allowed/,
    ],
    [
      'the policy lets PS in',
      'policy.xml',
      (text: string) => text.replace('{JPEG,JPG}', '{JPEG,JPG,PS,EPS}'),
      /which the policy forbids|another reason than the policy/,
    ],
    ['the sample is no JPEG', 'sample.jpg', () => 'no picture', /convert: (Not a JPEG file|insufficient image data)/],
  ])('is not made when %s', (_, name, change, message) => {
    const context = path.join(folder, name);
    cpSync(path.join(PROJECT_ROOT, 'runtime'), context, { recursive: true });
    writeFileSync(path.join(context, name), change(readFileSync(path.join(context, name), 'utf8')));
    expect(() => build(`test-${process.pid}/broken`, context)).toThrow(message);
  });

  describe.skipIf(!hasRegistry())(
    `through a registry${because(hasRegistry() ? undefined : 'docker-registry is not installed')}`,
    () => {
      let registry: Registry;
      let pushed: string;
      let zips: PackagedActions;
      beforeAll(async () => {
        registry = await startRegistry();
        pushed = build(`${registry.host}/${REPOSITORY}`);
        docker('push', '--quiet', pushed);
        docker('rmi', '--force', pushed);
        docker('pull', '--quiet', pushed);
        zips = await packageActions({ image: pushed, buildDir: path.join(folder, 'build') });
      }, 10 * MINUTES);
      afterAll(() => registry?.stop());

      const zipOf = (action: string) => zips[action]?.file ?? '';

      async function inContainer(zip: string, look: (container: ActionContainer) => Promise<void>): Promise<void> {
        const container = await ActionContainer.start(pushed);
        try {
          expect(await container.init(readFileSync(zip))).toEqual({ status: 200, body: { ok: true } });
          await look(container);
        } finally {
          container.remove();
        }
      }

      test('has one tag, that of its content', async () => {
        expect(await registry.tags(REPOSITORY)).toEqual([pushed.split(':').at(-1)]);
      });

      test('runs v0, whose libraries were made inside it, by /init and /run', async () => {
        await inContainer(zipOf('v0'), async (container) => {
          const { status, body } = await container.run({ image: PHOTO.toString('base64') });
          expect(status).toBe(200);
          expect(await countPages(Buffer.from(String(body.pdf), 'base64'))).toBe(1);
          const refused = await container.run({ image: Buffer.from('no picture').toString('base64') });
          expect(refused).toMatchObject({ status: 200, body: { error: expect.stringContaining('JPEG') } });
          expect((await container.init(readFileSync(zipOf('v0')))).status).toBe(403);
        });
      });

      test('runs v1 alike, as OpenWhisk hands a request over', async () => {
        await inContainer(zipOf('v1'), async (container) => {
          const { body } = await container.run({ __ow_method: 'post', __ow_body: PHOTO.toString('base64') });
          expect(body).toMatchObject({ statusCode: 200, headers: { 'Content-Type': 'application/pdf' } });
          expect(await countPages(Buffer.from(String(body.body), 'base64'))).toBe(1);
        });
      });

      test('runs v2 with the storage library of its zip', async () => {
        await inContainer(zipOf('v2'), async (container) => {
          const { body } = await container.run({
            bucket: 'ada-in',
            name: 'a.jpg',
            settings: { 'out-bucket': 'ada-out', 'gcs-key': 'no key', 'gcs-endpoint': '' },
          });
          expect(JSON.stringify(body)).toMatch(/gcs-key/);
        });
      });

      test('makes zips that belong to the user who called', () => {
        const { uid, gid } = statSync(zipOf('v0'));
        const libraries = statSync(path.join(folder, 'build', 'libraries'));
        expect([libraries.uid, libraries.gid]).toEqual([uid, gid]);
        expect(uid).toBe(process.getuid?.());
      });

      test('stays as it is when nothing has changed: not a layer is stored again', () => {
        registry.stored();
        expect(build(`${registry.host}/${REPOSITORY}`)).toBe(pushed);
        docker('push', '--quiet', pushed);
        expect(registry.stored().filter((request) => request.includes('/blobs/'))).toEqual([]);
      });

      test('gets another tag when a file has changed, beside the old one', async () => {
        const context = path.join(folder, 'changed');
        cpSync(path.join(PROJECT_ROOT, 'runtime'), context, { recursive: true });
        writeFileSync(
          path.join(context, 'policy.xml'),
          `${readFileSync(path.join(context, 'policy.xml'), 'utf8')}<!-- changed -->\n`,
        );
        const changed = build(`${registry.host}/${REPOSITORY}`, context);
        docker('push', '--quiet', changed);
        expect(await registry.tags(REPOSITORY)).toEqual([changed, pushed].map((name) => name.split(':').at(-1)).sort());
      });
    },
  );
});
