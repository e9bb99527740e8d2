/** Starting and stopping the server. */
import { createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../ground/json';
import { startServer } from '../../platform/openwhisk/server';
import { FakeInvoker } from './fake-invoker';
import { authorization, identity } from './identity';
import { Laboratory, newDataDir } from './laboratory';

let laboratory: Laboratory | undefined;
afterEach(async () => {
  await laboratory?.close();
  laboratory = undefined;
});

describe('a server', () => {
  test('names the port that is in use, and gives the data directory back', async () => {
    const occupant = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => occupant.once('listening', resolve));
    const address = occupant.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const dataDir = newDataDir();
    const start = startServer({ host: '127.0.0.1', port, dataDir, identity, invoker: new FakeInvoker() });
    await expect(start).rejects.toMatchObject({
      code: 'EADDRINUSE',
      message: `Port ${port} on 127.0.0.1 is in use. Stop what listens there, or choose another port.`,
    });
    await new Promise((resolve) => occupant.close(resolve));
    laboratory = await Laboratory.open({ dataDir });
  });

  test('refuses a data directory that another server has', async () => {
    laboratory = await Laboratory.open();
    await expect(Laboratory.open({ dataDir: laboratory.dataDir })).rejects.toMatchObject({ code: 'STORE_LOCKED' });
    expect((await laboratory.send('GET', 'actions')).status, 'the first one goes on').toBe(200);
  });

  test('takes routes of others, and shows its limits without a key', async () => {
    laboratory = await Laboratory.open({ extend: (app) => app.get('/more', (c) => c.text('more')), maxInFlight: 7 });
    expect(await (await fetch(`${laboratory.url}/more`)).text()).toBe('more');
    const info = await (await fetch(laboratory.url)).json();
    expect(info).toMatchObject({ limits: { concurrent_actions: 7 }, runtimes: { nodejs: [{ kind: 'nodejs:20' }] } });
  });

  test('keeps a connection as long as nginx before OpenWhisk does, and says so', async () => {
    laboratory = await Laboratory.open();
    expect((await fetch(`${laboratory.url}/ping`)).headers.get('keep-alive')).toBe('timeout=75');
  });

  test('stops at once with connections open, and a second stop is the first', async () => {
    laboratory = await Laboratory.open();
    const { url, server } = laboratory;
    await (await fetch(`${url}/api/v1/namespaces`, { headers: { authorization } })).text();
    await Promise.all([server.stop(), server.stop()]);
    await expect(fetch(`${url}/ping`)).rejects.toThrow();
  });

  test('has new code prepared for its first run, and nothing for other changes', async () => {
    const invoker = new FakeInvoker();
    laboratory = await Laboratory.open({ invoker });
    const put = (body: JsonObject) => laboratory?.send('PUT', 'actions/made?overwrite=true', body);
    for (const body of [
      { exec: { kind: 'nodejs:20', code: 'one' } },
      { parameters: [{ key: 'a', value: 1 }] },
      { exec: { kind: 'nodejs:20', code: 'two' } },
      { exec: { kind: 'nodejs:unknown', code: 'three' } },
    ]) {
      await put(body);
    }
    expect(invoker.prepared).toEqual([
      ['/guest/made', 'one'],
      ['/guest/made', 'two'],
    ]);
  });
});
