import http from 'node:http';
import { describe, expect, test } from 'vitest';
import type { Cli } from './pdfmagic';
import { Stage } from './stage';

/** `logs` against an OpenWhisk whose activations are known. */
const stage = new Stage();

interface Kept {
  readonly name: string;
  readonly success?: boolean;
  readonly result?: object;
  readonly logs?: readonly string[];
}

/** A user of an OpenWhisk that has these activations, the newest first; ids tell which is which. */
async function userOf(kept: readonly Kept[]): Promise<Cli> {
  const records = kept.map(({ name, success = true, result = {}, logs = [] }, index) => ({
    activationId: `id-${index}`,
    name,
    annotations: [
      { key: 'path', value: `guest/pdfmagic/${name}` },
      { key: 'kind', value: 'python:3.11' },
    ],
    start: 1_700_000_000_000 - index * 1000,
    duration: 5,
    response: { status: success ? 'success' : 'application error', success, result },
    logs,
  }));
  const server = http.createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://localhost');
    const [skip, limit] = ['skip', 'limit'].map((key) => Number(url.searchParams.get(key)));
    const one = records.find(({ activationId }) => url.pathname.endsWith(`/activations/${activationId}`));
    response.end(JSON.stringify(one ?? records.slice(skip ?? 0, (skip ?? 0) + (limit ?? 0))));
  });
  return stage.userOf(`http://127.0.0.1:${await stage.listen(server)}`, {}, { OPENWHISK_AUTH: 'uuid:key' });
}

const shown = (stdout: string) => [...stdout.matchAll(/id-\d+/g)].map(([id]) => id);
const MIXED: readonly Kept[] = [
  { name: 'v1' },
  { name: 'v2', success: false, result: { error: 'It failed.' } },
  { name: 'v1', result: { statusCode: 422, body: {} } },
  { name: 'v2' },
  { name: 'v1', result: { statusCode: 200 } },
];

describe('logs', () => {
  test('--action shows those of one action, by its name or with its package', async () => {
    const cli = await userOf(MIXED);
    for (const name of ['v2', 'pdfmagic/v2']) {
      const { code, stdout } = await cli.run('logs', '--action', name);
      expect(code).toBe(0);
      expect(shown(stdout)).toEqual(['id-3', 'id-1']);
    }
    expect(shown((await cli.run('logs', '--action', 'v1', '--limit', '1')).stdout)).toEqual(['id-0']);
  });
  test('--failed shows those that failed, and those that answered with an error', async () => {
    const cli = await userOf(MIXED);
    const { code, stdout } = await cli.run('logs', '--failed');
    expect(code).toBe(0);
    expect(shown(stdout)).toEqual(['id-2', 'id-1']);
    expect(stdout).toMatch(/answered 422/);
    expect(stdout).toMatch(/FAILED: application error {2}id-1\n {4}It failed\./);
    const both = await cli.run('logs', '--failed', '--action', 'v1', '--json');
    expect(JSON.parse(both.stdout).map((each: { activationId: string }) => each.activationId)).toEqual(['id-2']);
  });
  test('--failed finds one far behind those that succeeded', async () => {
    const cli = await userOf([...Array.from({ length: 230 }, () => ({ name: 'v1' })), ...MIXED.slice(1, 2)]);
    expect(shown((await cli.run('logs', '--failed')).stdout)).toEqual(['id-230']);
  });
  test('says what it has looked for when there is none', async () => {
    const cli = await userOf(MIXED.slice(3));
    const { code, stdout, stderr } = await cli.run('logs', '--failed', '--action', 'v2');
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toBe('There is no failed activation of v2 among the latest 2.\n');
  });
  test('leaves out the headers of a request that an action has logged, and nothing else', async () => {
    const text = JSON.stringify({ name: 'a.jpg', __ow_headers: { cookie: 'secret', authorization: 'Basic secret' } });
    const lines = [`2026-11-26T04:00:00.000000000Z stdout: ${text}`, '2026-11-26T04:00:00.000000000Z stderr: oh'];
    const { stdout } = await (await userOf([{ name: 'print', logs: lines }])).run('logs');
    expect(stdout).toContain('{"name":"a.jpg"}\n    stderr: oh\n');
    expect(stdout).not.toMatch(/secret|__ow_headers/);
  });
  test('ends without a word when its reader has seen enough', async () => {
    const long = Array.from({ length: 200 }, () => ({ name: 'v1', logs: ['x'.repeat(5000)] }));
    const { child, ended } = (await userOf(long)).start('logs', '--limit', '200');
    child.stdout?.once('data', () => child.stdout?.destroy());
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
  });
});
