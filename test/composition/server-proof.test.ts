/** Another program on the port of a stopped platform: nobody sends the key to it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { serve } from '@hono/node-server';
import { askForProof, proveKey } from '@pdfmagic/openwhisk/server-proof';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findKey } from '../../cli/stack/key';
import { PLATFORM_FILE } from '../../infra/targets/local/platform-file';
import { loadIdentity } from '../../platform/composition/keys';
import { routeProof } from '../../platform/composition/proof-route';
import { findRunning } from '../../platform/composition/running';

let folder: string;
let apihost: string;
let auth: string;
/** All that the server at `apihost` was sent. */
let heard: string[];
let answer: (request: http.IncomingMessage, response: http.ServerResponse) => void;
const ends: (() => void)[] = [];

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-proof-'));
  heard = [];
  answer = (_, response) => response.end('["guest"]');
  const server = http.createServer((request, response) => {
    heard.push(JSON.stringify([request.url, request.rawHeaders]));
    answer(request, response);
  });
  ends.push(() => server.close().closeAllConnections());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  apihost = urlOf(server.address() as AddressInfo);
  const { uuid, key } = loadIdentity(folder, apihost, true);
  auth = `${uuid}:${key}`;
  // As a kill leaves it behind.
  const others = { storageEndpoint: apihost, tokenUri: apihost, feedUrl: apihost };
  const file = { apihost, namespace: 'guest', pid: 1, ...others, image: 'none' };
  writeFileSync(path.join(folder, PLATFORM_FILE), JSON.stringify(file));
});
afterEach(() => {
  for (const end of ends.splice(0)) end();
  rmSync(folder, { recursive: true });
});

function urlOf({ port }: AddressInfo): string {
  return `http://127.0.0.1:${port}`;
}

/** The platform's own route, somewhere else. */
async function startPlatform(url?: string): Promise<string> {
  return new Promise((resolve) => {
    const server = serve({ fetch: (request) => app.fetch(request), hostname: '127.0.0.1', port: 0 }, (info) => {
      app = routeProof(auth, url ?? `http://127.0.0.1:${info.port}`);
      resolve(`http://127.0.0.1:${info.port}`);
    });
    let app = routeProof('', '');
    ends.push(() => server.close());
  });
}

function expectNoKey(): void {
  expect(heard).not.toEqual([]);
  const secrets = [auth, auth.slice(37), Buffer.from(auth).toString('base64')];
  for (const secret of secrets) expect(heard.join('\n')).not.toContain(secret);
}

describe('a program that took the port of a stopped platform', () => {
  test('is not taken for the platform by npm start, up and the like, and does not get the key', async () => {
    expect(await findRunning(folder)).toBeUndefined();
    expectNoKey();
  });

  test('does not get the key from the command pdfmagic, which says so', async () => {
    await expect(findKey(apihost, folder)).rejects.toThrow(/is not the local platform of .*, so the key is not sent/);
    expectNoKey();
  });

  test('gains nothing by passing the challenge on to the real platform', async () => {
    const real = await startPlatform();
    answer = async (request, response) => {
      response.end(await (await fetch(`${real}${request.url}`, { headers: { host: new URL(apihost).host } })).text());
    };
    expect(await askForProof(real, auth)).toBe('proven');
    expect(await askForProof(apihost, auth)).toBe('refuted');
  });

  test('gains nothing by repeating an earlier proof, or by sending the client to another server', async () => {
    const real = await startPlatform(apihost);
    const earlier = proveKey(auth, apihost, '0'.repeat(64)) ?? '';
    answer = (_, response) => response.end(earlier);
    expect(await askForProof(apihost, auth)).toBe('refuted');
    answer = (request, response) => response.writeHead(307, { location: `${real}${request.url}` }).end();
    expect(await askForProof(apihost, auth)).toBe('refuted');
  });
});

describe('a platform', () => {
  test('is known by its proof, by either name of the loopback', async () => {
    const url = await startPlatform();
    expect(await askForProof(url, auth)).toBe('proven');
    expect(await askForProof(url.replace('127.0.0.1', 'localhost'), auth)).toBe('proven');
    expect(await askForProof(url, `${auth}x`)).toBe('refuted');
  });

  test('that is not running is said to be so', async () => {
    for (const end of ends.splice(0)) end();
    expect(await askForProof(apihost, auth)).toBe('silent');
    await expect(findKey(apihost, folder)).rejects.toThrow(/is not running/);
  });

  test('proves nothing to a malformed challenge', async () => {
    const url = await startPlatform();
    for (const query of ['', '?challenge=', '?challenge=abc', `?challenge=${'g'.repeat(64)}`]) {
      expect((await fetch(`${url}/proof${query}`)).status).toBe(400);
    }
  });
});
