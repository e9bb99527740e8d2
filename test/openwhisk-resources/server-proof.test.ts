/** Another program at the place of a stopped platform: no provider sends the key to it, with the program or without. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { triggers as cloudRunTriggers, services } from '@pdfmagic/emulated/providers';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { actions, apis, packages, rules, triggers } from '../../infra/openwhisk/src/providers';

const KEY = `23bc46b1-71f6-4ed5-8c54-816aa4f8c502:${'k'.repeat(64)}`;
const heard: string[] = [];
const server = http.createServer((request, response) => {
  heard.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)}`);
  response
    .writeHead(404, { 'content-type': 'application/json' })
    .end('{"error":"The requested resource does not exist."}');
});
let apihost: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  apihost = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close().closeAllConnections());
beforeEach(() => heard.splice(0));

interface Provider {
  read(id: string, olds: object): Promise<unknown>;
  delete(id: string, olds: object): Promise<unknown>;
}

const openwhisk = (provesKey: boolean) => ({ connection: { apihost, auth: KEY, provesKey } });
const cloudRun = (provesKey: boolean) => ({ control: { endpoint: apihost, auth: KEY, provesKey } });
const STATE: Readonly<Record<string, readonly [unknown, (provesKey: boolean) => object]>> = {
  package: [packages, (proves) => ({ ...openwhisk(proves), name: 'tools' })],
  action: [actions, (proves) => ({ ...openwhisk(proves), name: 'act', kind: 'nodejs:20', code: { sha256: 'x' } })],
  trigger: [triggers, (proves) => ({ ...openwhisk(proves), name: 'files' })],
  rule: [rules, (proves) => ({ ...openwhisk(proves), name: 'rule', trigger: 'files', action: 'act' })],
  api: [apis, (proves) => ({ ...openwhisk(proves), basePath: '/a', path: '/b', verb: 'get', action: 'act' })],
  service: [services, (proves) => ({ ...cloudRun(proves), name: 'convert' })],
  'trigger of Cloud Run': [cloudRunTriggers, (proves) => ({ ...cloudRun(proves), name: 'new-file' })],
};

test.each(Object.keys(STATE))('refresh and destroy of a %s fail, and the key is not sent', async (kind) => {
  const [provider, inputs] = STATE[kind] as [Provider, (provesKey: boolean) => object];
  await expect(provider.read('id', inputs(true))).rejects.toThrow('the key was not sent');
  await expect(provider.delete('id', inputs(true))).rejects.toThrow('the key was not sent');
  expect(heard).not.toEqual([]);
  expect(heard.join('\n')).not.toMatch(/authorization/i);
  expect(heard.join('\n')).not.toContain(KEY.slice(37));
});

test('a real OpenWhisk is asked for no proof', async () => {
  const [provider, inputs] = STATE.package as [Provider, (provesKey: boolean) => object];
  await provider.read('id', inputs(false));
  expect(heard.join('\n')).toMatch(/authorization/i);
  expect(heard.join('\n')).not.toContain('/proof');
});
