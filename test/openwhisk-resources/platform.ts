/** The OpenWhisk-compatible server of this project behind a proxy that can break requests. */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import openwhisk from 'openwhisk';
import { type OpenWhiskServer, startServer } from '../../platform/openwhisk/server';
import { FaultyProxy } from './faulty-proxy';
import { FeedInvoker } from './feed-invoker';

export const PARAMETER_SECRET = 'parameter-secret-4711';

export class TestPlatform {
  readonly proxy = new FaultyProxy();
  readonly invoker = new FeedInvoker();
  readonly uuid = randomUUID();
  readonly key = randomBytes(32).toString('hex');
  private server: OpenWhiskServer | undefined;
  private folder = '';
  private url = '';

  async start(): Promise<this> {
    this.folder = await mkdtemp(path.join(tmpdir(), 'openwhisk-resources-'));
    const { uuid, key, invoker } = this;
    const identity = { subject: 'guest', namespace: 'guest', uuid, key };
    const log = () => undefined;
    this.server = await startServer({ host: '127.0.0.1', port: 0, dataDir: this.folder, identity, invoker, log });
    this.url = await this.proxy.start(this.server.url);
    return this;
  }

  /** Inputs of a resource reach the server through the proxy. */
  get connection() {
    return { apihost: this.url, auth: `${this.uuid}:${this.key}` };
  }

  /** A client beside the proxy: what other people do behind the program's back. */
  get behind(): openwhisk.Client {
    const apihost = this.server?.url ?? '';
    return openwhisk({ apihost, api_key: this.connection.auth, apigw_token: 'x', apigw_space_guid: this.uuid });
  }

  async stop(): Promise<void> {
    await this.proxy.stop();
    await this.server?.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** A property as OpenWhisk lists it. */
export function valueIn(list: readonly { key: string; value: unknown }[] | undefined, key: string): unknown {
  return list?.find((entry) => entry.key === key)?.value;
}
