/** `--platform cloudrun` as a user types it: deployed, converted, killed, moved, removed. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Storage } from '@google-cloud/storage';
import { afterAll, describe, expect, test } from 'vitest';
import { countPages } from '../../cli/demo/check-pdf';
import { waysOn } from '../../contract/ways';
import { Machine, ROOT, type RunningPlatform } from './machine';

const machine = new Machine();
const CLOUDRUN = ['--platform', 'cloudrun'];
afterAll(() => machine.close());

const PHOTO = readFileSync(path.join(ROOT, 'examples/photo.jpg'));

function bucket({ file }: RunningPlatform, name: string) {
  return new Storage({ apiEndpoint: file.storageEndpoint, projectId: 'e2e' }).bucket(name);
}

async function instances({ file, authorization }: RunningPlatform): Promise<number[]> {
  const answer = await fetch(`${file.apihost}/cloudrun/services/convert`, { headers: { authorization } });
  return ((await answer.json()) as { instances: number[] }).instances;
}

describe('Cloud Run on this machine', () => {
  let platform: RunningPlatform;

  test('npm start -- --platform cloudrun converts in three ways', async () => {
    const folder = path.join(machine.folder, 'out');
    const { code, output } = await machine.run('start', ...CLOUDRUN, '--once', '--output', folder);
    expect(code, output).toBe(0);
    for (const way of ['v1', 'v2', 'v3']) {
      expect(output).toMatch(new RegExp(`^${way} .* ms `, 'm'));
      expect(await countPages(readFileSync(path.join(folder, `${way}.pdf`)))).toBe(1);
    }
    expect(output).not.toMatch(/^v0 /m);
    expect(output).toMatch(/Open this page in your browser: \S+\/convert\/convert\/$/m);
  });

  test('its commands among the outputs work as pasted', async () => {
    platform = await machine.startPlatform();
    const stack = await machine.stack();
    expect(stack.platform).toBe('cloudrun');
    for (const way of waysOn('cloudrun')) {
      const cwd = mkdtempSync(path.join(machine.folder, 'paste-'));
      copyFileSync(path.join(ROOT, 'examples/photo.jpg'), path.join(cwd, 'photo.jpg'));
      execFileSync('sh', ['-c', stack.commands[way]?.curl ?? 'false'], { cwd, stdio: 'pipe' });
      expect(await countPages(readFileSync(path.join(cwd, `${way}.pdf`)))).toBe(1);
    }
  });

  test('has a page for people, which has a large photograph uploaded and fetched without a key', async () => {
    const { page = '' } = await machine.stack();
    const answer = await fetch(page);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-security-policy')).toContain(platform.file.storageEndpoint);
    expect(await answer.text()).toContain('data-large="bucket"');
    const ask = (sent: object) => fetch(`${page}upload`, { method: 'POST', body: JSON.stringify(sent) });
    const granted = await (await ask({ name: 'photo.jpg', contentType: 'image/jpeg', size: PHOTO.length })).json();
    const { url, headers, bucket, name } = granted as Record<'url' | 'bucket' | 'name', string> & {
      headers: Record<string, string>;
    };
    expect((await fetch(url, { method: 'PUT', headers, body: new Uint8Array(PHOTO) })).status).toBe(200);
    const query = new URLSearchParams({ bucket, name });
    const found = () => fetch(`${page}result?${query}`);
    await expect.poll(async () => (await found()).status, { timeout: 110_000 }).toBe(200);
    const pdf = await fetch(((await (await found()).json()) as { url: string }).url);
    expect(await countPages(Buffer.from(await pdf.arrayBuffer()))).toBe(1);
  });

  test('tells nothing of itself, and takes no order, without the key', async () => {
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const answer = await fetch(`${platform.file.apihost}/cloudrun/services/convert`, { method });
      expect(answer.status).toBe(401);
    }
  });

  test('a second up changes nothing', async () => {
    const { code, output } = await machine.run('up', ...CLOUDRUN);
    expect(code, output).toBe(0);
    expect(output).toContain('6 unchanged');
  });

  test('a killed instance is replaced by the next request', async () => {
    const { url } = await machine.stack();
    // One that had no request for a minute has ended.
    expect((await fetch(`${url}/live`)).status).toBe(200);
    const [pid = 0] = await instances(platform);
    expect(pid).toBeGreaterThan(0);
    process.kill(pid, 'SIGKILL');
    await expect.poll(async () => (await instances(platform)).includes(pid), { timeout: 60_000 }).toBe(false);
    const headers = { 'content-type': 'image/jpeg' };
    const answer = await fetch(`${url}/convert/pdf`, { method: 'POST', headers, body: new Uint8Array(PHOTO) });
    expect(answer.status).toBe(200);
    expect(await countPages(Buffer.from(await answer.arrayBuffer()))).toBe(1);
  });

  test('a platform that is killed leaves no instance, and the next one delivers what came before', async () => {
    const pids = await instances(platform);
    const names = Array.from({ length: 12 }, (_, index) => `burst-${index}.jpg`);
    await Promise.all(
      names.map((name) => bucket(platform, 'demo-convert-in').file(name).save(PHOTO, { resumable: false })),
    );
    platform.child.kill('SIGKILL');
    for (const pid of pids) await expect.poll(() => isAlive(pid), { timeout: 30_000 }).toBe(false);
    platform = await machine.startPlatform();
    const pdfs = names.map((name) => name.replace('.jpg', '.pdf'));
    const there = async () => (await bucket(platform, 'demo-convert-out').getFiles())[0].map(({ name }) => name);
    await expect.poll(there, { timeout: 110_000, interval: 500 }).toEqual(expect.arrayContaining(pdfs));
  });

  test('what was removed behind its back is found and made again', async () => {
    const url = `${platform.file.apihost}/cloudrun/triggers/new-file`;
    await fetch(url, { method: 'DELETE', headers: { authorization: platform.authorization } });
    expect((await machine.run('refresh', ...CLOUDRUN)).code).toBe(0);
    const { code, output } = await machine.run('up', ...CLOUDRUN);
    expect(code, output).toBe(0);
    expect(output).toMatch(/Trigger new-file created/);
  });

  test('destroy leaves no service, no trigger and no bucket', async () => {
    const { code, output } = await machine.run('destroy', ...CLOUDRUN);
    expect(code, output).toBe(0);
    for (const path of ['services/convert', 'triggers/new-file']) {
      const headers = { authorization: platform.authorization };
      expect((await fetch(`${platform.file.apihost}/cloudrun/${path}`, { headers })).status).toBe(404);
    }
    expect((await bucket(platform, 'demo-convert-in').exists())[0]).toBe(false);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
