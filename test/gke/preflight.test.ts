import * as pulumi from '@pulumi/pulumi';
import { describe, expect, test } from 'vitest';
import { parseConfig, type StackConfig } from '../../infra/config';
import type { Machine } from '../../infra/parts/google-cloud';
import { requireTools } from '../../infra/targets/gke/preflight';

function configOf(values: Record<string, string> = {}): StackConfig<'gke'> {
  const all = { student: 'ada', target: 'gke', project: 'ada-lab-123456', ...values };
  const raw = Object.fromEntries(Object.entries(all).map(([key, value]) => [`pdfmagic:${key}`, value]));
  const config = parseConfig(raw, 'pdfmagic', 'ada');
  if (config.target !== 'gke') throw new Error('wrong target');
  return config;
}

const TOKEN = '{"kind":"ExecCredential","status":{"token":"t"}}';
const DOCKER = { credHelpers: { 'europe-west1-docker.pkg.dev': 'gcloud' } };

/** A machine that has all it needs, less what a test takes away. */
function machine(less: Partial<Machine> = {}): Machine {
  return {
    env: { HOME: '/home/ada', GOOGLE_OAUTH_ACCESS_TOKEN: 't' },
    exists: () => true,
    read: () => JSON.stringify(DOCKER),
    run: async (command) => (command === 'docker' ? '20.10' : TOKEN),
    ...less,
  };
}

const missing = (command: string): Error => Object.assign(new Error(`spawn ${command} ENOENT`), { code: 'ENOENT' });

async function refusal(config: StackConfig<'gke'>, on: Machine): Promise<string> {
  try {
    await requireTools(config, on);
    return '';
  } catch (error) {
    if (error instanceof pulumi.RunError) return error.message;
    throw error;
  }
}

describe('before anything is made on Google Cloud', () => {
  test('a machine that has all it needs is fine', async () => {
    expect(await refusal(configOf(), machine())).toBe('');
  });

  test("a missing plugin is named, with gcloud's command for it", async () => {
    const run: Machine['run'] = async (command) => {
      if (command === 'docker') return '20.10';
      throw missing(command);
    };
    const text = await refusal(configOf(), machine({ run }));
    expect(text).toContain('gke-gcloud-auth-plugin is not on the PATH');
    expect(text).toContain('gcloud components install gke-gcloud-auth-plugin');
    expect(text).toContain('nothing was created');
  });

  test('a missing login is named', async () => {
    const run: Machine['run'] = async (command) => {
      if (command === 'docker') return '20.10';
      throw new Error('Command failed\nYou do not currently have an active account selected.');
    };
    const text = await refusal(configOf(), machine({ run, env: { HOME: '/home/ada' }, exists: () => false }));
    expect(text).toContain('gives no token (You do not currently have an active account selected.)');
    expect(text).toContain('gcloud auth login');
    expect(text).toContain('there are no Google credentials');
    expect(text).toContain('gcloud auth application-default login');
  });

  test('Cloud Shell, and a machine of Google itself, need no login', async () => {
    const run: Machine['run'] = async (command) => (command === 'docker' ? '20.10' : TOKEN);
    const bare = { run, env: { HOME: '/home/ada' }, exists: (file: string) => file.endsWith('config.json') };
    expect(await refusal(configOf(), machine(bare))).toContain('there are no Google credentials');
    expect(await refusal(configOf(), machine({ ...bare, env: { ...bare.env, CLOUD_SHELL: 'true' } }))).toBe('');
    const read = (file: string) => (file.startsWith('/sys/') ? 'Google Compute Engine\n' : JSON.stringify(DOCKER));
    const exists = (file: string) => file.startsWith('/sys/') || bare.exists(file);
    expect(await refusal(configOf(), machine({ ...bare, read, exists }))).toBe('');
  });

  test('a credentials file that is not there is named', async () => {
    const env = { GOOGLE_APPLICATION_CREDENTIALS: '/nowhere.json' };
    const exists = (file: string) => file !== '/nowhere.json';
    expect(await refusal(configOf(), machine({ env, exists }))).toContain('/nowhere.json, which does not exist');
  });

  test('Docker must answer when it is needed, and be logged in to the registry', async () => {
    const run: Machine['run'] = async (command) => {
      if (command === 'docker') throw missing(command);
      return TOKEN;
    };
    expect(await refusal(configOf(), machine({ run }))).toContain('no Docker engine answers');
    const ready = { image: 'ada/python:1', python: 'python3' };
    expect(await refusal(configOf(ready), machine({ run }))).toContain('`image` and `feedImage`');
    expect(await refusal(configOf({ ...ready, feedImage: 'ada/feed:1' }), machine({ run }))).toBe('');
    expect(await refusal(configOf(), machine({ read: () => '{}' }))).toContain(
      'gcloud auth configure-docker europe-west1-docker.pkg.dev',
    );
    expect(await refusal(configOf({ registry: 'docker.io/ada' }), machine({ read: () => '{}' }))).toBe('');
  });
});
