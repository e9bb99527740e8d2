import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { countPages } from '../../cli/demo/check-pdf';
import { Machine, type Run } from './machine';

const machine = new Machine();
afterAll(() => machine.close());

const output = path.join(machine.folder, 'out');
const start = (...args: string[]) => machine.run('start', '--once', '--output', output, ...args);

async function expectFourPdfs(run: Run): Promise<void> {
  expect(run.output).not.toMatch(/\berror\b/i);
  expect(run.code).toBe(0);
  for (const way of ['v0', 'v1', 'v2', 'v3']) {
    const file = path.join(output, `${way}.pdf`);
    expect(run.output).toContain(file);
    expect(await countPages(readFileSync(file))).toBe(1);
  }
}

describe('npm start -- --once', () => {
  test('converts a photograph in four ways, and says where the PDFs are', async () => {
    const run = await start();
    await expectFourPdfs(run);
    expect(run.output).toMatch(/created/);
    expect(run.output).toMatch(/Open this page in your browser: http:\/\/\S+\/convert\/\n.*^way /ms);
  });

  test('changes nothing the second time', async () => {
    const run = await start();
    await expectFourPdfs(run);
    expect(run.output).toMatch(/unchanged/);
    expect(run.output).not.toMatch(/created|updated|replaced|deleted/);
  });

  test('works with plain processes where bubblewrap cannot be used, and says so', async () => {
    const run = await start('--sandbox', 'process');
    await expectFourPdfs(run);
    expect(run.output).toMatch(/^\s*sandbox: /m);
  });

  test('goes on where a first start failed half-way: there is no key to be lost yet', async () => {
    const running = await machine.startPlatform();
    const other = new Machine();
    try {
      const storagePort = new URL(running.file.storageEndpoint).port;
      const run = await other.run('platform', '--storage-port', storagePort);
      expect(run.code).toBe(1);
      expect(run.output).toContain(storagePort);
      expect((await other.startPlatform()).output()).toMatch(/^ready/m);
    } finally {
      await other.close();
      running.child.kill('SIGTERM');
      await once(running.child, 'close');
    }
  });

  test('refuses a port that is taken, in clear words', async () => {
    const running = await machine.startPlatform();
    const other = new Machine();
    try {
      const port = new URL(running.file.apihost).port;
      const run = await other.run('start', '--once', '--port', port);
      expect(run.code).toBe(1);
      expect(run.output).toMatch(new RegExp(`Port ${port} .*is in use.*another port`));
    } finally {
      await other.close();
      running.child.kill('SIGTERM');
    }
  });
});

describe('what cannot be', () => {
  test('a photograph that is none is refused before anything is started', async () => {
    const run = await start('--photo', 'package.json');
    expect(run.code).toBe(1);
    expect(run.output).toContain('package.json is not a JPEG');
    expect(run.output).not.toContain('Starting');
  });

  test('a second stack on one platform is refused, with the ways out', async () => {
    const run = await machine.run('up', '--student', 'bob');
    expect(run.code).toBe(1);
    expect(run.output).toMatch(/the stack of demo is deployed.*npm run destroy -- --student demo/);
  });
});

describe('npm run destroy', () => {
  test('leaves no entity and no bucket', async () => {
    const destroyed = await machine.run('destroy');
    expect(destroyed.output).not.toMatch(/\berror\b/i);
    expect(destroyed.code).toBe(0);
    const { file, auth, authorization } = await machine.startPlatform();
    const headers = { authorization };
    for (const collection of ['actions', 'packages', 'triggers', 'rules']) {
      const answer = await fetch(`${file.apihost}/api/v1/namespaces/_/${collection}`, { headers });
      expect({ collection, list: await answer.json() }).toEqual({ collection, list: [] });
    }
    const [uuid] = auth.split(':');
    const api = `${file.apihost}/api/v1/web/whisk.system/apimgmt/getApi.http?accesstoken=x&spaceguid=${uuid}`;
    expect(await (await fetch(api, { headers })).json()).toEqual({ apis: [] });
    const buckets = await fetch(`${file.storageEndpoint}/storage/v1/b?project=pdfmagic`);
    expect(((await buckets.json()) as { items?: unknown[] }).items ?? []).toEqual([]);
  });
});
