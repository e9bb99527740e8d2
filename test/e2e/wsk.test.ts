import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countPages } from '../../cli/demo/check-pdf';
import { BUILD_DIR, packagePythonAction } from '../../infra/packaging';
import { WSKPROPS_FILE } from '../../infra/targets/local/platform-file';
import { Machine, ROOT, type RunningPlatform } from './machine';
import { onPath, unless } from './on-path';

const present = onPath('wsk', 'property', 'get', '--cliversion');
const machine = new Machine();
const photo = readFileSync(path.join(ROOT, 'examples/photo.jpg'));
let platform: RunningPlatform;
let image: string;
let v0: string;
let v1: string;

async function wsk(...args: string[]): Promise<string> {
  const env = { ...process.env, HOME: machine.folder, WSK_CONFIG_FILE: path.join(machine.dataDir, WSKPROPS_FILE) };
  const { stdout } = await promisify(execFile)('wsk', args, { cwd: ROOT, env, maxBuffer: 16 << 20 });
  return stdout;
}

describe.runIf(present)(`the lab, step by step with the real wsk${unless(present, 'wsk')}`, () => {
  beforeAll(async () => {
    platform = await machine.startPlatform();
    ({ image } = platform.file);
    const { python = '' } = platform.file;
    const packaged = await Promise.all(['v0', 'v1'].map((name) => packagePythonAction(name, { python })));
    [v0 = '', v1 = ''] = packaged.map(({ file }) => file);
    expect(readdirSync(BUILD_DIR).length).toBeGreaterThan(0);
  });

  test('a package, and an action from a zip with a virtualenv on the runtime image', async () => {
    expect(await wsk('package', 'create', 'lab')).toContain('ok: created package lab');
    expect(await wsk('action', 'create', 'lab/v0', v0, '--docker', image)).toContain('ok: created action lab/v0');
    const parameters = path.join(machine.temporary, 'image.json');
    writeFileSync(parameters, JSON.stringify({ image: photo.toString('base64') }));
    const { pdf } = JSON.parse(await wsk('action', 'invoke', 'lab/v0', '--result', '--param-file', parameters)) as {
      pdf: string;
    };
    expect(await countPages(Buffer.from(pdf, 'base64'))).toBe(1);
  });

  test('a web action behind an API', async () => {
    await wsk('action', 'create', 'lab/v1', v1, '--docker', image, '--web', 'true');
    const created = await wsk('api', 'create', '/convert', '/pdf', 'post', 'lab/v1', '--response-type', 'http');
    const [url] = /http\S+/.exec(created) ?? [''];
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'image/jpeg' },
      body: new Uint8Array(photo),
    });
    expect(answer.headers.get('content-type')).toBe('application/pdf');
    expect(await countPages(Buffer.from(await answer.arrayBuffer()))).toBe(1);
    expect(await wsk('api', 'list')).toContain(url);
  });

  test('a trigger, a rule, and the logs of what they started', async () => {
    await wsk('action', 'create', 'print-arguments', 'actions/print-arguments/index.js');
    await wsk('trigger', 'create', 'new-file');
    await wsk('rule', 'create', 'print-new-file', 'new-file', 'print-arguments');
    expect(await wsk('trigger', 'fire', 'new-file', '--param', 'name', 'photo.jpg')).toContain('ok: triggered');
    await expect.poll(() => wsk('activation', 'list', 'print-arguments'), { timeout: 30_000 }).toMatch(/success/);
    const [id] = /[0-9a-f]{32}/.exec(await wsk('activation', 'list', 'print-arguments')) ?? [''];
    expect(await wsk('activation', 'get', id)).toContain('"name": "print-arguments"');
    const logs = await wsk('activation', 'logs', id);
    expect(logs).toContain('photo.jpg');
    expect(logs).not.toContain(Buffer.from(platform.auth).toString('base64'));
    expect(await wsk('activation', 'poll', '--exit', '2', '--since-minutes', '5')).toContain(id);
  });

  test('and all of it removed again', async () => {
    await wsk('api', 'delete', '/convert');
    await wsk('rule', 'delete', 'print-new-file');
    await wsk('trigger', 'delete', 'new-file');
    for (const action of ['print-arguments', 'lab/v0', 'lab/v1']) await wsk('action', 'delete', action);
    await wsk('package', 'delete', 'lab');
    expect(await wsk('list')).not.toMatch(/\/guest\//);
  });
});

afterAll(() => machine.close());
