import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Cli } from '../cli/pdfmagic';
import { Machine, ROOT, type RunningPlatform } from './machine';
import { unless } from './on-path';
import { PULUMI_PRESENT, PulumiCli } from './pulumi-cli';

const machine = new Machine();
let platform: RunningPlatform;

/** All resources of a stack on this machine, with the stack itself and the component. */
const ALL = 25;

// The CLI keeps a stack's config beside the program.
const stack = `vitest-${process.pid}`;
const other = `${stack}-other`;
const cli = new PulumiCli(ROOT, machine.folder, stack);
const { settings, inStack } = cli;
const pulumi = (...args: string[]) => cli.run(...args);
const up = () => cli.up();

async function request(place: string, method: string, body?: object): Promise<number> {
  const { authorization } = platform;
  const url = `${platform.file.apihost}/api/v1/namespaces/_/${place}`;
  const headers = { authorization, 'content-type': 'application/json' };
  return (await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) })).status;
}

describe.runIf(PULUMI_PRESENT)(`the program under the real Pulumi CLI${unless(PULUMI_PRESENT, 'pulumi')}`, () => {
  beforeAll(async () => {
    platform = await machine.startPlatform();
    await pulumi('stack', 'init');
    await pulumi('config', 'set', 'student', 'test');
    await pulumi('config', 'set', 'platformDir', machine.dataDir);
  });

  test('up creates all', async () => {
    expect(await up()).toContain(`+ ${ALL} created`);
  }, 600_000);

  test('a second up changes nothing', async () => {
    expect(await up()).toContain(`${ALL} unchanged`);
  });

  test('what was changed or deleted behind its back is found by refresh and mended by up', async () => {
    expect(await request('actions/pdfmagic/v1?overwrite=true', 'PUT', { limits: { memory: 256 } })).toBe(200);
    expect(await request('rules/new-file-print', 'DELETE')).toBe(200);
    expect(await pulumi('refresh', '--yes', '--skip-preview')).toMatch(/~ 1 updated\s+- 1 deleted/);
    expect(await up()).toMatch(/\+ 1 created\s+~ 1 updated/);
    expect(await up()).toContain(`${ALL} unchanged`);
    // Four runs of the CLI, half a minute each on a busy machine.
  }, 400_000);

  test('a renamed student does not take the files in the buckets along, until the config allows it', async () => {
    const { storageEndpoint } = platform.file;
    const name = 'test-convert-out';
    const upload = `${storageEndpoint}/upload/storage/v1/b/${name}/o?uploadType=media&name=kept.pdf`;
    expect((await fetch(upload, { method: 'POST', body: 'x' })).status).toBe(200);
    await pulumi('config', 'set', 'student', 'other');
    await expect(up()).rejects.toMatchObject({
      stdout: expect.stringContaining('holds 1 file, which would be deleted'),
    });
    expect((await fetch(`${storageEndpoint}/storage/v1/b/${name}/o/kept.pdf`)).status).toBe(200);
    await pulumi('config', 'set', 'student', 'test');
    // What had been renamed before the bucket refused, beside it, goes back.
    await up();
    expect((await fetch(`${storageEndpoint}/storage/v1/b/${name}/o/kept.pdf`)).status).toBe(200);
    expect(await up()).toContain(`${ALL} unchanged`);
  }, 400_000);

  test('a second stack makes nothing, in a preview and in an up, and is told whose stack is there', async () => {
    const second = new PulumiCli(ROOT, machine.folder, other);
    await second.run('stack', 'init');
    await second.run('config', 'set', 'student', 'bob');
    await second.run('config', 'set', 'platformDir', machine.dataDir);
    for (const refused of [() => second.run('preview'), () => second.up()]) {
      const { stdout } = await refused().then(
        () => ({ stdout: '' }),
        (error: { stdout: string }) => error,
      );
      expect(stdout).toContain(
        `holds the stack ${stack} of the project pdfmagic, of student test, and it can hold only one`,
      );
      expect(stdout).not.toMatch(/at .*\.ts:\d+|adopt/);
    }
    expect((await fetch(`${platform.file.storageEndpoint}/storage/v1/b/bob-convert-in`)).status).toBe(404);
    expect(await second.run('stack', 'export')).not.toMatch(/dynamic\//);
  }, 400_000);

  test('a renamed stack is still the owner of what it has made', async () => {
    await pulumi('stack', 'rename', `${stack}-renamed`);
    const renamed = new PulumiCli(ROOT, machine.folder, `${stack}-renamed`);
    expect(await renamed.up()).not.toMatch(/created|deleted|replaced/);
    await renamed.run('stack', 'rename', stack);
    expect(await up()).toContain('unchanged');
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
    const own = new Cli(path.join(machine.folder, 'user'), [...inStack], {
      ...settings,
      WSK_CONFIG_FILE: path.join(machine.dataDir, '.wskprops'),
    });
    own.file('photo.jpg');
    const converted = await own.run('convert', 'photo.jpg');
    expect(converted.code, converted.stderr).toBe(0);
    expect((await own.run('logs', '--limit', '1')).stdout).toContain('  v1  ');
    const unknown = await new Cli(own.folder, ['--stack', 'nobody'], settings).run('status');
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toMatch(/the stack nobody: .*no stack named 'nobody' found/);
  });

  test('destroy leaves nothing', async () => {
    expect(await pulumi('destroy', '--yes', '--skip-preview')).toContain(`- ${ALL} deleted`);
    expect(await request('actions/pdfmagic/v1', 'GET')).toBe(404);
  });
});

afterAll(async () => {
  for (const name of [stack, other, `${stack}-renamed`])
    rmSync(path.join(ROOT, `Pulumi.${name}.yaml`), { force: true });
  await machine.close();
});
