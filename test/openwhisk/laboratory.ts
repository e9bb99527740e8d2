/** A server on a free port and a data directory of its own, and requests to it. */
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Json, JsonObject } from '../../ground/json';
import { type OpenWhiskServer, type ServerOptions, startServer } from '../../platform/openwhisk/server';
import { FakeInvoker } from './fake-invoker';
import { authorization, identity } from './identity';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly json: Json;
}

/** A client of the REST API at `url`; paths are below `/api/v1/namespaces/_/`. */
export class Client {
  constructor(readonly url: string) {}

  async send(method: string, where: string, body?: Json): Promise<Reply> {
    const response = await fetch(`${this.url}/api/v1/namespaces/_/${where}`, {
      method,
      headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      json: text === '' || text === 'OK' ? text : JSON.parse(text),
    };
  }

  /** Makes an action; what it does is told by its code, see `FakeInvoker`. */
  async action(name: string, code: string, more: JsonObject = {}): Promise<void> {
    const { status, json } = await this.send('PUT', `actions/${name}?overwrite=true`, {
      exec: { kind: 'nodejs:20', code },
      ...more,
    });
    if (status !== 200) throw new Error(`PUT ${name}: ${status} ${JSON.stringify(json)}`);
  }

  /** The id in an answer. */
  static id({ json }: Reply): string {
    const { activationId } = json as { activationId: string };
    return activationId;
  }

  /** The record of an activation, once there is one. */
  async record(id: string): Promise<JsonObject> {
    return until(async () => {
      const { status, json } = await this.send('GET', `activations/${id}`);
      return status === 200 ? (json as JsonObject) : undefined;
    });
  }
}

/** Asks again and again until there is an answer; the patience is for a stuck test only. */
export async function until<T>(ask: () => Promise<T | undefined> | T | undefined, patienceMs = 60_000): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error('waited in vain');
    await sleep(20);
  }
}

/** What a test needs: server, invoker and client, and an end to them. */
export class Laboratory extends Client {
  private constructor(
    readonly server: OpenWhiskServer,
    readonly invoker: FakeInvoker,
    readonly dataDir: string,
  ) {
    super(server.url);
  }

  static async open(options: Partial<ServerOptions> & { readonly capacity?: number } = {}): Promise<Laboratory> {
    const dataDir = options.dataDir ?? newDataDir();
    const invoker = new FakeInvoker(options.capacity);
    const server = await startServer({
      host: '127.0.0.1',
      port: 0,
      identity,
      invoker,
      graceMs: 0,
      ...options,
      dataDir,
    });
    return new Laboratory(server, invoker, dataDir);
  }

  /** Stops server and invoker; the data stay. */
  async stop(): Promise<void> {
    await this.server.stop();
    await this.invoker.stop();
  }

  /** Stops all and removes the data. */
  async close(): Promise<void> {
    await this.stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

/** A new directory for data. */
export function newDataDir(): string {
  return mkdtempSync(path.join(tmpdir(), 'openwhisk-'));
}
