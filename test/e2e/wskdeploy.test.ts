import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Machine, type RunningPlatform } from './machine';
import { onPath, unless } from './on-path';

const present = onPath('wskdeploy', 'version');
const machine = new Machine();
const folder = path.join(machine.folder, 'deployment');
let platform: RunningPlatform;

const MANIFEST = `
packages:
  deployed:
    actions:
      hello: { function: hello.py, runtime: python:default }
      printer: { function: printer.js, runtime: nodejs:default, web: true }
    sequences:
      both: { actions: "hello, printer" }
    triggers:
      deployed-trigger: { inputs: { name: Ada } }
    rules:
      deployed-rule: { trigger: deployed-trigger, action: hello }
    apis:
      deployed-api: { clubs: { books: { printer: { method: GET, response: json } } } }
`;

async function wskdeploy(...args: string[]): Promise<string> {
  const server = ['--apihost', platform.file.apihost, '--auth', platform.auth, '--namespace', '_'];
  const { stdout } = await promisify(execFile)('wskdeploy', [...args, '-m', 'manifest.yaml', ...server], {
    cwd: folder,
    env: { ...process.env, HOME: machine.folder },
  });
  return stdout;
}

async function names(collection: string): Promise<string[]> {
  const headers = { authorization: platform.authorization };
  const answer = await fetch(`${platform.file.apihost}/api/v1/namespaces/_/${collection}`, { headers });
  return ((await answer.json()) as { name: string }[]).map((entity) => entity.name).sort();
}

describe.runIf(present)(`the real wskdeploy${unless(present, 'wskdeploy')}`, () => {
  beforeAll(async () => {
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'manifest.yaml'), MANIFEST);
    writeFileSync(path.join(folder, 'hello.py'), 'def main(args):\n    return {"hello": args.get("name")}\n');
    writeFileSync(path.join(folder, 'printer.js'), 'function main(args) { return { body: args }; }\n');
    platform = await machine.startPlatform();
  });

  test('deploys a manifest, also a second time', async () => {
    for (let time = 0; time < 2; time++) expect(await wskdeploy()).toContain('Deployment completed successfully');
    expect(await names('actions')).toEqual(['both', 'hello', 'printer']);
    expect(await names('rules')).toEqual(['deployed-rule']);
  });

  test('deploys an API that answers, although it writes https:// before an API host with a scheme', async () => {
    const { apihost } = platform.file;
    const answer = await fetch(`${apihost}/api/${platform.auth.split(':')[0]}/clubs/books?name=Ada`);
    expect([answer.status, await answer.json()]).toMatchObject([200, { body: { name: 'Ada', __ow_method: 'get' } }]);
  });

  test('undeploys it', async () => {
    expect(await wskdeploy('undeploy')).toContain('Undeployment completed successfully');
    for (const collection of ['actions', 'packages', 'triggers', 'rules']) expect(await names(collection)).toEqual([]);
  });
});

afterAll(() => machine.close());
