/** The server and the invoker answer what a real OpenWhisk answered. */
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import type { Invoker } from '../../platform/invoker/contract';
import { createInvoker } from '../../platform/invoker/create-invoker';
import { type OpenWhiskServer, startServer } from '../../platform/openwhisk/server';
import { identity } from '../openwhisk/identity';
import { readCases } from './case';
import { replay } from './replay';
import type { Server } from './requests';

const recordedNames = readCases({ python: 'python:3.11', nodejs: 'nodejs:20' }).map(({ name, why }) => ({ name, why }));

describe('recorded OpenWhisk behaviour', () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'conformance-'));
  let invoker: Invoker;
  let openwhisk: OpenWhiskServer;
  let server: Server;
  let cases: Map<string, Parameters<typeof replay>[0]>;

  beforeAll(async () => {
    invoker = await createInvoker({ dataDir: path.join(dataDir, 'invoker'), apiHost: 'http://127.0.0.1' });
    const kindOf = (family: string): string => {
      const kind = invoker.runtimes.find((runtime) => runtime.family === family)?.kind;
      if (kind === undefined) throw new Error(`the invoker found no ${family} on this machine`);
      return kind;
    };
    const kinds = { python: kindOf('python'), nodejs: kindOf('nodejs') };
    cases = new Map(readCases(kinds).map((one) => [one.name, one]));
    openwhisk = await startServer({ host: '127.0.0.1', port: 0, dataDir, identity, invoker });
    server = { url: openwhisk.url, auth: `${identity.uuid}:${identity.key}` };
  });

  afterAll(async () => {
    await openwhisk?.stop();
    await invoker?.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  test.for(recordedNames)('$name: $why', async ({ name }) => {
    const recorded = cases.get(name);
    if (!recorded) throw new Error(`there is no case ${name}`);
    await replay(recorded, server, identity.namespace);
  });
});
