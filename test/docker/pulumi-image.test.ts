/** `infra/image` under the real Pulumi CLI with its Docker plugin: when it builds and pushes, and what it keeps in the state. */
import { execFile, spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { onPath } from '../e2e/on-path';
import { testBase, whyNot } from './engine';
import { hasRegistry, type Registry, startRegistry } from './registry';

const ROOT = path.resolve(__dirname, '../..');
const REPOSITORY = 'pdfmagic/action-python';
const MINUTES = 60_000;
const PROGRAM = `
import * as pulumi from '@pulumi/pulumi';
import { buildRuntimeImage } from './infra/image/build-image';

const config = new pulumi.Config();
const repository = pulumi.output(config.require('repository'));
export const image = buildRuntimeImage({ baseImage: config.require('baseImage'), repository });
`;

function whyNotHere(): string | undefined {
  if (!onPath('pulumi', 'version')) return 'no pulumi on the PATH';
  if (!onPath('sh', '-c', 'command -v pulumi-resource-docker')) return 'no pulumi-resource-docker on the PATH';
  return whyNot() ?? (hasRegistry() ? undefined : 'docker-registry is not installed');
}
const reason = whyNotHere();
const because = reason === undefined ? '' : ` (skipped: ${reason})`;

describe.skipIf(reason !== undefined)(`the runtime image under the real Pulumi CLI${because}`, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic pulumi-image '));
  const project = path.join(folder, 'project');
  const policy = path.join(project, 'runtime', 'policy.xml');
  let registry: Registry;
  let first: string;

  /** Its values may hold a password, as those of other proxy variables may. */
  const NO_PROXY = 'S3CRET.example';
  async function pulumi(...args: string[]): Promise<string> {
    const env = {
      ...process.env,
      NO_PROXY,
      HOME: folder,
      PULUMI_BACKEND_URL: `file://${path.join(folder, 'state')}`,
      PULUMI_CONFIG_PASSPHRASE: 'test',
      PULUMI_SKIP_UPDATE_CHECK: 'true',
      PULUMI_HOME: path.join(folder, 'pulumi-home'),
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
    };
    const options = ['--non-interactive', '--color', 'never'];
    return (await promisify(execFile)('pulumi', [...options, ...args], { cwd: project, env, maxBuffer: 1 << 26 }))
      .stdout;
  }
  const up = () => pulumi('up', '--yes', '--skip-preview');
  const image = async () => (await pulumi('stack', 'output', 'image')).trim();
  const tagOf = (name: string) => name.split(':').at(-1) ?? '';

  beforeAll(async () => {
    registry = await startRegistry();
    for (const part of ['runtime', 'infra/image', 'package.json', 'tsconfig.json', 'tsconfig.base.json']) {
      cpSync(path.join(ROOT, part), path.join(project, part), { recursive: true });
    }
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(project, 'node_modules'));
    writeFileSync(path.join(project, 'index.ts'), PROGRAM);
    writeFileSync(path.join(project, 'Pulumi.yaml'), 'name: image\nruntime: nodejs\n');
    mkdirSync(path.join(folder, 'state'));
    await pulumi('stack', 'init', 'test');
    await pulumi('config', 'set', 'baseImage', testBase());
    await pulumi('config', 'set', 'repository', `${registry.host}/pdfmagic`);
  }, 20 * MINUTES);

  afterAll(() => {
    registry?.stop();
    spawnSync('sh', ['-c', `docker images -q '${registry?.host}/${REPOSITORY}' | xargs -r docker rmi --force`]);
    rmSync(folder, { recursive: true, force: true });
  });

  test('a preview builds and pushes nothing, and knows no name yet', async () => {
    expect(await pulumi('preview')).toMatch(/docker:index:Image\s+runtime\s+create/);
    expect(registry.stored()).toEqual([]);
  });

  test(
    'up builds and pushes it',
    async () => {
      expect(await up()).toMatch(/\+ 2 created/);
      first = await image();
      expect(first.startsWith(`${registry.host}/${REPOSITORY}:imagemagick-`)).toBe(true);
      expect(await registry.tags(REPOSITORY)).toEqual([tagOf(first)]);
    },
    10 * MINUTES,
  );

  test('a second up changes nothing: nothing is stored in the registry', async () => {
    registry.stored();
    expect(await up()).toMatch(/2 unchanged/);
    expect(registry.stored()).toEqual([]);
    expect(await image()).toBe(first);
  });

  test('no path of this machine and no proxy is in the state', async () => {
    const state = await pulumi('stack', 'export');
    expect(state).toContain('"context": "runtime"');
    expect(state).not.toContain(folder);
    expect(state).not.toContain(NO_PROXY);
  });

  test(
    'a changed file gives another tag, beside the old one',
    async () => {
      appendFileSync(policy, '<!-- changed -->\n');
      expect(await up()).toMatch(/~ 1 updated/);
      const changed = await image();
      expect(changed).not.toBe(first);
      expect(await registry.tags(REPOSITORY)).toEqual([tagOf(first), tagOf(changed)].sort());
    },
    10 * MINUTES,
  );

  test('destroy leaves the registry alone', async () => {
    expect(await pulumi('destroy', '--yes', '--skip-preview')).toMatch(/- 2 deleted/);
    expect(await registry.tags(REPOSITORY)).toHaveLength(2);
  });
});
