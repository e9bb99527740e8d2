import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WSKPROPS_FILE } from '../../infra/targets/local/platform-file';
import { Machine, type RunningPlatform } from './machine';

const machine = new Machine();
let said = '';
let platform: RunningPlatform;
/** What must be seen nowhere: OpenWhisk's key, and the storage key in any of the forms it travels in. */
let secrets: string[];

const authorized = (url: string): Promise<Response> =>
  fetch(url, { headers: { authorization: platform.authorization } });

async function say(command: string, ...args: string[]): Promise<void> {
  const run = await machine.run(command, ...args);
  expect(run.code, run.output).toBe(0);
  said += run.output;
}

beforeAll(async () => {
  // The first two start a platform of their own.
  await say('preview');
  await say('start', '--once', '--output', machine.temporary);
  platform = await machine.startPlatform();
  for (const command of ['preview', 'up', 'refresh', 'outputs']) await say(command);
  const v2 = await authorized(`${platform.file.apihost}/api/v1/namespaces/_/actions/pdfmagic/v2`);
  const { parameters } = (await v2.json()) as { parameters: { key: string; value: Record<string, string> }[] };
  const key = parameters.find((parameter) => parameter.key === 'settings')?.value['gcs-key'] ?? '';
  const { private_key } = JSON.parse(key) as { private_key: string };
  const line = private_key.split('\n')[1] ?? '';
  expect(line.length).toBeGreaterThan(32);
  const [, authKey] = platform.auth.split(':');
  secrets = [platform.auth, authKey ?? '', Buffer.from(platform.auth).toString('base64'), line];
});
afterAll(() => machine.close());

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile());
}

const found = (text: string): string[] => secrets.filter((secret) => text.includes(secret));

describe('the key of OpenWhisk and the key of the storage', () => {
  test('are in no line that a command prints: previews, progress, outputs', () => {
    expect(said).toContain('created');
    expect(found(said)).toEqual([]);
  });

  test('are not in the state', () => {
    const files = filesBelow(path.join(machine.dataDir, 'stack'));
    expect(files.some((file) => readFileSync(file, 'latin1').includes('settings'))).toBe(true);
    for (const file of files) expect({ file, found: found(readFileSync(file, 'latin1')) }).toEqual({ file, found: [] });
  });

  test("are not in the platform's log nor in the logs of any activation", async () => {
    expect(found(platform.output())).toEqual([]);
    const url = `${platform.file.apihost}/api/v1/namespaces/_/activations?docs=true&limit=200`;
    const records = (await (await authorized(url)).json()) as { name: string; logs: string[]; response: unknown }[];
    expect(records.map((record) => record.name)).toEqual(expect.arrayContaining(['v0', 'v1', 'v2', 'print-arguments']));
    for (const { name, logs } of records) expect({ name, found: found(logs.join('\n')) }).toEqual({ name, found: [] });
  });

  test('are readable by nobody else: the key file has mode 0600', () => {
    expect(statSync(path.join(machine.dataDir, WSKPROPS_FILE)).mode & 0o777).toBe(0o600);
    expect(statSync(machine.dataDir).mode & 0o777).toBe(0o700);
  });
});
