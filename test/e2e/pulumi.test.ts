import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Cli } from '../cli/pdfmagic';
import { Machine, ROOT, type RunningPlatform } from './machine';
import { onPath, unless } from './on-path';

const present = onPath('pulumi', 'version') && onPath('pulumi-language-nodejs', '-version');
const machine = new Machine();
const state = path.join(machine.folder, 'pulumi');
let platform: RunningPlatform;

/** Of Pulumi, for this test alone. */
const settings = {
  HOME: machine.folder,
  PULUMI_BACKEND_URL: `file://${state}`,
  PULUMI_CONFIG_PASSPHRASE: 'test',
  PULUMI_SKIP_UPDATE_CHECK: 'true',
  PULUMI_HOME: path.join(machine.folder, 'pulumi-home'),
};

/** Runs the real CLI on the real program, its state in a folder of the test's own. */
async function pulumi(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('pulumi', ['--non-interactive', '--color', 'never', ...args], {
    cwd: ROOT,
    env: { ...process.env, ...settings },
    maxBuffer: 64 << 20,
  });
  return stdout;
}

/** All resources of a stack on this machine, with the stack itself and the component. */
const ALL = 25;

// The CLI keeps a stack's config beside the program.
const stack = `vitest-${process.pid}`;
const inStack = ['--stack', stack];
const up = () => pulumi('up', '--yes', '--skip-preview', ...inStack);

async function request(place: string, method: string, body?: object): Promise<number> {
  const { authorization } = platform;
  const url = `${platform.file.apihost}/api/v1/namespaces/_/${place}`;
  const headers = { authorization, 'content-type': 'application/json' };
  return (await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) })).status;
}

describe.runIf(present)(`the program under the real Pulumi CLI${unless(present, 'pulumi')}`, () => {
  beforeAll(async () => {
    platform = await machine.startPlatform();
    mkdirSync(state);
    await pulumi('stack', 'init', stack);
    await pulumi('config', 'set', 'student', 'test', ...inStack);
    await pulumi('config', 'set', 'platformDir', machine.dataDir, ...inStack);
  });

  test('up creates all', async () => {
    expect(await up()).toContain(`+ ${ALL} created`);
  });

  test('a second up changes nothing', async () => {
    expect(await up()).toContain(`${ALL} unchanged`);
  });

  test('what was changed or deleted behind its back is found by refresh and mended by up', async () => {
    expect(await request('actions/pdfmagic/v1?overwrite=true', 'PUT', { limits: { memory: 256 } })).toBe(200);
    expect(await request('rules/new-file-print', 'DELETE')).toBe(200);
    expect(await pulumi('refresh', '--yes', '--skip-preview', ...inStack)).toMatch(/~ 1 updated\s+- 1 deleted/);
    expect(await up()).toMatch(/\+ 1 created\s+~ 1 updated/);
    expect(await up()).toContain(`${ALL} unchanged`);
    // Four runs of the CLI, half a minute each on a busy machine.
  }, 400_000);

  test('the state holds no key and no provider source', async () => {
    const file = path.join(machine.folder, 'export.json');
    await pulumi('stack', 'export', ...inStack, '--file', file);
    const text = readFileSync(file, 'utf8');
    expect(text).toContain('openwhisk:Action');
    for (const secret of [platform.auth.split(':')[1] ?? platform.auth, 'PRIVATE KEY', 'p-retry', 'async ']) {
      expect(text.includes(secret), secret.slice(0, 8)).toBe(false);
    }
  });

  test('pdfmagic finds the stack by its name, and the key where wsk has it', async () => {
    const cli = new Cli(path.join(machine.folder, 'user'), inStack, {
      ...settings,
      WSK_CONFIG_FILE: path.join(machine.dataDir, '.wskprops'),
    });
    cli.file('photo.jpg');
    const converted = await cli.run('convert', 'photo.jpg');
    expect(converted.code, converted.stderr).toBe(0);
    expect((await cli.run('logs', '--limit', '1')).stdout).toContain('  v1  ');
    const unknown = await new Cli(cli.folder, ['--stack', 'nobody'], settings).run('status');
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toMatch(/the stack nobody: .*no stack named 'nobody' found/);
  });

  test('destroy leaves nothing', async () => {
    expect(await pulumi('destroy', '--yes', '--skip-preview', ...inStack)).toContain(`- ${ALL} deleted`);
    expect(await request('actions/pdfmagic/v1', 'GET')).toBe(404);
  });
});

afterAll(async () => {
  rmSync(path.join(ROOT, `Pulumi.${stack}.yaml`), { force: true });
  await machine.close();
});
