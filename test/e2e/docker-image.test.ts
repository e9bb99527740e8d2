/** An image by the real Pulumi CLI and Docker's plugin: built by the engine at hand, pushed to a registry on this machine. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { bundleFeed } from '../../feed/bundle';
import { freePort } from '../../ground/free-port';
import { ROOT } from './machine';
import { onPath } from './on-path';
import { NOTHING_CHANGED, PulumiCli } from './pulumi-cli';
import { writeProgram } from './written-program';

const PROGRAMS = ['pulumi', 'pulumi-language-nodejs', 'pulumi-resource-docker', 'docker-registry', 'docker'];
const missing = [
  ...PROGRAMS.filter((name) => !onPath('sh', '-c', `command -v ${name}`)).map((name) => `no ${name} on the PATH`),
  ...(onPath('docker', 'version', '--format', '{{.Server.Version}}') ? [] : ['no Docker engine']),
];
const because = missing.length === 0 ? '' : ` (skipped: ${missing.join(', ')})`;
const MINUTES = 60_000;

/** The image of the feed, on a base that no registry has. */
const PROGRAM = (base: string, repository: string, context: string) => `
import * as pulumi from '@pulumi/pulumi';
import { buildImage } from '${ROOT}/infra/image/build-image';
import { FEED_IMAGE } from '${ROOT}/infra/image/recipe';

const recipe = { ...FEED_IMAGE, context: '${context}' };
export const image = buildImage(recipe, { baseImage: '${base}', repository: pulumi.output('${repository}') });
`;

describe.skipIf(missing.length > 0)(`an image${because}`, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-image-'));
  const base = `pdfmagic-test-base:${process.pid}`;
  const docker = (...args: string[]) => execFileSync('docker', args, { stdio: ['pipe', 'pipe', 'pipe'] }).toString();
  let registry: ChildProcess;
  let host: string;
  let cli: PulumiCli;

  beforeAll(async () => {
    host = `127.0.0.1:${await freePort()}`;
    const settings = { version: 0.1, storage: { filesystem: { rootdirectory: path.join(folder, 'registry') } } };
    writeFileSync(path.join(folder, 'registry.yml'), JSON.stringify({ ...settings, http: { addr: host } }));
    registry = spawn('docker-registry', ['serve', path.join(folder, 'registry.yml')], { stdio: 'ignore' });
    await vi.waitUntil(
      () =>
        fetch(`http://${host}/v2/`).then(
          ({ ok }) => ok,
          () => false,
        ),
      { timeout: MINUTES },
    );
    const tree = path.join(folder, 'base');
    mkdirSync(path.join(tree, 'etc'), { recursive: true });
    execFileSync('tar', ['-C', tree, '-cf', path.join(folder, 'base.tar'), 'etc']);
    docker('import', path.join(folder, 'base.tar'), base);
    const context = path.join(folder, 'context');
    await bundleFeed(context);
    const main = writeProgram(folder, 'program', PROGRAM(base, `${host}/lab`, context));
    writeFileSync(path.join(main, 'Pulumi.yaml'), JSON.stringify({ name: 'image', runtime: 'nodejs' }));
    cli = new PulumiCli(main, folder, 'image');
    await cli.run('stack', 'init');
  }, 5 * MINUTES);
  afterAll(() => {
    registry?.kill();
    docker('image', 'rm', '--force', base);
    rmSync(folder, { recursive: true, force: true });
  });

  test(
    'is in the registry after one run, under the tag of its content',
    async () => {
      await cli.up();
      const image = (await cli.run('stack', 'output', 'image')).trim();
      const [, name, tag] = /^[^/]+\/(.+):([\w.-]+)$/.exec(image) ?? [];
      const answer = await fetch(`http://${host}/v2/${name}/manifests/${tag}`, {
        headers: { accept: 'application/vnd.docker.distribution.manifest.v2+json' },
      });
      const manifest = await answer.text();
      expect(answer.headers.get('docker-content-digest')).toBe(
        `sha256:${createHash('sha256').update(manifest).digest('hex')}`,
      );
    },
    5 * MINUTES,
  );

  test(
    'is not built again while nothing of it changes, and a refresh finds it as it is',
    async () => {
      expect(await cli.up()).toMatch(NOTHING_CHANGED);
      expect(await cli.run('refresh', '--yes', '--skip-preview')).toMatch(NOTHING_CHANGED);
      expect(await cli.up()).toMatch(NOTHING_CHANGED);
    },
    5 * MINUTES,
  );

  test(
    'leaves a stack that can be destroyed',
    async () => {
      expect(await cli.run('destroy', '--yes', '--skip-preview')).toMatch(/- \d+ deleted/);
    },
    5 * MINUTES,
  );
});
