/** Sandboxes killed from outside, on a whole server: the records of their invocations, and what becomes of events. */
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { sandboxesOf } from '../../cli/torture/victims';
import { LocalFlows } from '../../platform/events/flows';
import { readKept } from '../../platform/events/records';
import { createInvoker } from '../../platform/invoker/create-invoker';
import { type OpenWhiskServer, startServer } from '../../platform/openwhisk/server';
import { Store } from '../../platform/openwhisk/store/store';
import { startStorage } from '../../platform/storage/start-storage';
import { listDescendants } from '../../sandbox/processes/tree';
import { identity } from '../openwhisk/identity';
import { Client, until } from '../openwhisk/laboratory';
import { clientOf } from '../storage/emulator';

const TRIGGER = { namespace: 'guest', name: 'new-file' };
const PATIENCE = { timeout: 60_000, interval: 50 };
const INVOCATIONS = 300;
/** Works for a while. */
const WORK = `
import time
def main(args):
    time.sleep(float(args.get("seconds", 0.02)))
    return {"name": args.get("name")}
`;

const dataDir = mkdtempSync(path.join(tmpdir(), 'pdfmagic-killed-'));
const log: string[] = [];
let storage: Awaited<ReturnType<typeof startStorage>>;
let server: OpenWhiskServer;
let client: Client;
let flows: LocalFlows;
let stop: () => Promise<void>;
beforeAll(async () => {
  const store = Store.open({ dataDir });
  const invoker = await createInvoker({
    ...{ dataDir: path.join(dataDir, 'invoker'), apiHost: 'http://127.0.0.1:3233' },
    log: (line) => log.push(line),
  });
  server = await startServer({ host: '127.0.0.1', port: 0, dataDir, identity, store, invoker, log: () => undefined });
  client = new Client(server.url);
  storage = await startStorage({
    ...{ dataDir: path.join(dataDir, 'storage'), port: 0 },
    listener: {
      written: (bucket, name, metadata) => flows?.written(bucket, name, metadata),
      uncertain: () => flows?.uncertain(),
    },
  });
  await clientOf(storage.endpoint).createBucket('in-bucket');
  const { uuid, key, namespace } = identity;
  flows = new LocalFlows({
    ...{ ledger: store.events, endpoint: storage.endpoint, log: (line: string) => log.push(line) },
    openwhisk: { apihost: server.url, auth: `${uuid}:${key}`, namespace },
    readActivation: readKept(store.activations),
    limits: { maxAttempts: 5, retry: { first: 300, longest: 1000 } },
  });
  await client.send('PUT', 'triggers/new-file', {});
  await client.send('PUT', 'actions/work', { exec: { kind: 'python:default', code: WORK } });
  await client.send('PUT', 'rules/v3', { trigger: '/_/new-file', action: '/_/work' });
  await flows.start(TRIGGER, 'in-bucket');
  stop = async () => {
    await flows.close();
    await server.stop();
    await invoker.stop();
    await storage.stop();
  };
}, 120_000);
afterAll(async () => {
  await stop();
  await rm(dataDir, { recursive: true, force: true });
});

const put = (name: string) =>
  clientOf(storage.endpoint).bucket('in-bucket').file(name).save('x', { contentType: 'image/jpeg', resumable: false });
const slowly = (seconds: number) =>
  client.send('PUT', 'triggers/new-file?overwrite=true', { parameters: [{ key: 'seconds', value: seconds }] });

interface Listed {
  readonly activationId: string;
  readonly name: string;
  readonly statusCode?: number;
}
const runsOf = async (action: string) =>
  ((await client.send('GET', `activations?limit=200&name=${action}`)).json as unknown as Listed[]) ?? [];

/** Kills every interpreter that runs an action now. @returns how many these were */
function killSandboxes(): number {
  const pids = sandboxesOf(process.pid);
  for (const pid of pids) {
    // Its children first: what a supervisor would restart is nothing here, but a shell may be between.
    for (const child of [...listDescendants(pid), pid]) {
      try {
        process.kill(child, 'SIGKILL');
      } catch {
        // It has just ended.
      }
    }
  }
  return pids.length;
}

describe('an event whose sandbox is killed', () => {
  test('in the middle is given again, and done', async () => {
    await slowly(3);
    await put('once.jpg');
    // A spare is killed as well: until the record says that it was the action.
    const ends = async () => (await runsOf('work')).map(({ statusCode }) => statusCode);
    await until(async () => {
      killSandboxes();
      return (await ends()).includes(2) ? true : undefined;
    });
    await slowly(0.01);
    await vi.waitFor(async () => expect((await ends())[0]).toBe(0), PATIENCE);
    await vi.waitFor(() => expect(flows.get(TRIGGER)).toMatchObject({ inFlight: 0 }), PATIENCE);
    expect(flows.listDeadLetters()).toEqual([]);
  });

  test('every time is a dead letter that says so', async () => {
    await slowly(30);
    await put('always.jpg');
    const killing = setInterval(killSandboxes, 50);
    try {
      await vi.waitFor(() => expect(flows.listDeadLetters()).toHaveLength(1), PATIENCE);
    } finally {
      clearInterval(killing);
    }
    const [letter] = flows.listDeadLetters();
    expect(letter).toMatchObject({ name: 'always.jpg', attempts: 5 });
    expect(letter?.reason).toMatch(/^guest\/work, activation [0-9a-f]{32}: (action developer|whisk internal) error: /);
  });
});

test(`${INVOCATIONS} invocations accepted under kills of sandboxes have one record each`, async () => {
  await client.send('PUT', 'actions/many', { exec: { kind: 'python:default', code: WORK } });
  const ids: string[] = [];
  const killing = setInterval(killSandboxes, 300);
  try {
    while (ids.length < INVOCATIONS) {
      const some = Array.from({ length: 20 }, (_, n) => client.send('POST', 'actions/many', { name: `${n}` }));
      for (const reply of await Promise.all(some)) {
        expect(reply.status).toBe(202);
        ids.push(Client.id(reply));
      }
    }
    for (const id of ids) await client.record(id);
  } finally {
    clearInterval(killing);
  }
  const listed: string[] = [];
  for (let skip = 0; listed.length === skip; skip += 200) {
    const { json } = await client.send('GET', `activations?limit=200&name=many&skip=${skip}`);
    listed.push(...(json as unknown as Listed[]).map(({ activationId }) => activationId));
  }
  expect(listed.sort()).toEqual(ids.sort());
}, 180_000);
