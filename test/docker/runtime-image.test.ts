import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packagePythonAction } from '../../infra/packaging';
import { buildRuntimeImage, docker, standInBase, whyNot } from './engine';
import { hasRegistry, startRegistry } from './registry';

const ROOT = path.resolve(__dirname, '../..');
const PHOTO = path.join(ROOT, 'examples', 'photo.jpg');
const reason = whyNot() ?? (hasRegistry() ? undefined : 'docker-registry is not installed');
const MINUTES = 60_000;

describe.skipIf(reason !== undefined)(`the runtime image${reason === undefined ? '' : ` (skipped: ${reason})`}`, () => {
  let image: string;
  let registry: Awaited<ReturnType<typeof startRegistry>>;
  const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-image-'));
  beforeAll(async () => {
    registry = await startRegistry();
    image = buildRuntimeImage(standInBase(), `${registry.host}/pdfmagic/action-python`);
  }, 15 * MINUTES);
  afterAll(() => {
    registry?.stop();
    if (image !== undefined) spawnSync('docker', ['rmi', '--force', image]);
    rmSync(folder, { recursive: true, force: true });
  });

  const convert = (from: string, to: string) =>
    spawnSync('docker', ['run', '--rm', '-i', '--entrypoint', '/usr/bin/convert', image, from, to], {
      input: readFileSync(PHOTO),
      maxBuffer: 2 ** 26,
    });

  test('makes a PDF of a JPEG', () => {
    const { status, stdout } = convert('jpeg:-', 'pdf:-');
    expect(status).toBe(0);
    expect(stdout.subarray(0, 5).toString()).toBe('%PDF-');
  });

  test.each(['ps:-', 'eps:-', 'mvg:-', 'msl:-', 'pdf:-', 'https://127.0.0.1/a.jpg', 'label:x', '@/etc/passwd'])(
    'refuses to read %s',
    (from) => {
      const { status, stderr } = convert(from, 'pdf:-');
      expect(status).not.toBe(0);
      expect(stderr.toString()).toMatch(/not.* allowed|not authorized|no decode delegate/);
    },
  );

  test.each(['ps:-', 'eps:-', 'png:-', 'mvg:-'])('refuses to write %s', (to) => {
    const { status, stderr } = convert('jpeg:-', to);
    expect(status).not.toBe(0);
    expect(stderr.toString()).toMatch(/not.* allowed|not authorized|no encode delegate/);
  });

  test(
    'is pushed, pulled, and converts by /init and /run with libraries made inside it',
    async () => {
      docker('push', '--quiet', image);
      docker('rmi', '--force', image);
      docker('pull', '--quiet', image);
      const v0 = await packagePythonAction('v0', { image, buildDir: path.join(folder, 'build') });
      const port = '8080';
      const container = docker('run', '--detach', '--rm', '--publish', `127.0.0.1::${port}`, image).trim();
      try {
        const host = docker('port', container, port).trim();
        const post = async (place: string, body: object) => {
          const answer = await fetch(`http://${host}${place}`, { method: 'POST', body: JSON.stringify(body) });
          return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
        };
        await expect.poll(() => post('/nothing', {}).catch(() => undefined), { timeout: 20_000 }).toBeDefined();
        const value = { name: 'v0', main: 'main', binary: true, code: readFileSync(v0.file).toString('base64') };
        expect((await post('/init', { value })).status).toBe(200);
        expect((await post('/init', { value })).status).toBe(403);
        const { status, body } = await post('/run', { value: { image: readFileSync(PHOTO).toString('base64') } });
        expect(status).toBe(200);
        expect(Buffer.from(String(body.pdf), 'base64').subarray(0, 5).toString()).toBe('%PDF-');
        const refused = await post('/run', { value: { image: Buffer.from('no picture').toString('base64') } });
        expect(refused.body).toHaveProperty('error');
      } finally {
        docker('rm', '--force', container);
      }
    },
    5 * MINUTES,
  );

  test('is not pushed again when it has not changed', () => {
    expect(docker('push', image)).toMatch(/Layer already exists/);
    expect(docker('push', image)).not.toMatch(/Pushed/);
  });
});
