/** The OpenWhisk-compatible server of the platform: store, activations, REST API, web actions and API gateway on one port. */
import type { AddressInfo } from 'node:net';
import { createAdaptorServer, type ServerType } from '@hono/node-server';
import { Hono } from 'hono';
import { answerUnreadableRequests } from '../../ground/unreadable-requests';
import type { Invoker } from '../invoker/contract';
import { StoreCore } from './activation/core';
import { ActivationService } from './activation/service';
import { mountApi, mountStoreId } from './api/app';
import type { Identity } from './core';
import { limits } from './entity/limits';
import { mountGateway } from './gateway/mount-gateway';
import { mountHearingOut } from './hear-out';
import { mountRequestIds, type ServerEnv } from './http-request';
import type { Retention } from './store/activations';
import { Store } from './store/store';
import { mountWebActions } from './web/mount-web-actions';

export interface ServerOptions {
  /** Address to listen on. */
  readonly host: string;
  /** Port to listen on; 0 takes a free one. */
  readonly port: number;
  /** Directory of the platform; the server keeps `store/` in it. */
  readonly dataDir: string;
  /** Whose namespace and key this is. */
  readonly identity: Identity;
  readonly invoker: Invoker;
  /** Where clients reach the server, if not at the address it listens on; the API gateway's URLs begin with it. */
  readonly publicUrl?: string;
  /** Invocations accepted and not ended; one more is refused with 429. */
  readonly maxInFlight?: number;
  /**
   * The open store of `dataDir`, when the caller had to own the data directory before it had an invoker. The server
   * closes it when it stops or cannot start.
   */
  readonly store?: Store;
  /** How long and how many activation records are kept. */
  readonly retention?: Partial<Retention>;
  /** Milliseconds that blocking calls under way get when the server stops. */
  readonly graceMs?: number;
  /** Takes further routes, which go before those of the server. */
  readonly extend?: (app: Hono<ServerEnv>) => void;
  /** Takes lines for people; standard error unless given. */
  readonly log?: (line: string) => void;
}

export interface OpenWhiskServer {
  /** Where it listens, e.g. `http://127.0.0.1:3233`. */
  readonly url: string;
  /** Invocations of an earlier process that were run again. */
  readonly recovered: number;
  /** Stops accepting, answers what is under way, writes what is left, and gives the data directory back. */
  stop(): Promise<void>;
}

/** Milliseconds that blocking calls under way get when the server stops. */
const GRACE_MS = 2000;

/** Milliseconds that the last answers get to reach their callers. */
const FLUSH_MS = 2000;

/**
 * Milliseconds that a connection is kept for another request, as by nginx, which stands before OpenWhisk on a cluster: clients send
 * a POST on a kept connection, cannot know whether it is closed by then, and may not send it twice.
 */
const KEPT = 75_000;

function listen(server: ServerType, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    const failed = (cause: NodeJS.ErrnoException): void => {
      const why =
        cause.code === 'EADDRINUSE'
          ? `Port ${port} on ${host} is in use. Stop what listens there, or choose another port.`
          : `Cannot listen on port ${port} of ${host}: ${cause.message}`;
      reject(Object.assign(new Error(why, { cause }), { code: cause.code }));
    };
    server.once('error', failed);
    server.listen(port, host, () => {
      server.off('error', failed);
      resolve(server.address() as AddressInfo);
    });
  });
}

/** Milliseconds between looks for connections on which nothing is under way. */
const IDLE_CHECK_MS = 20;

/** Refuses new connections, ends those without a request at once and the others after theirs, or by force when asked. */
class Closing {
  readonly done: Promise<void>;

  constructor(private readonly server: ServerType) {
    this.done = new Promise((resolve) => {
      const check = setInterval(() => this.endIdle(), IDLE_CHECK_MS);
      server.close(() => {
        clearInterval(check);
        resolve();
      });
      this.endIdle();
    });
  }

  private endIdle(): void {
    if ('closeIdleConnections' in this.server) this.server.closeIdleConnections();
  }

  /** Ends all connections after `ms`, should there still be any. */
  force(ms: number): void {
    const { server } = this;
    if ('closeAllConnections' in server) setTimeout(() => server.closeAllConnections(), ms).unref();
  }
}

/**
 * Starts a server, and runs what an earlier process accepted and did not end.
 * @throws StoreError when the data directory is in use or unusable; Error with `code` EADDRINUSE for a port in use
 */
export async function startServer(options: ServerOptions): Promise<OpenWhiskServer> {
  const { host, port, dataDir, identity, invoker, retention } = options;
  const { maxInFlight = limits.inFlight, graceMs = GRACE_MS } = options;
  const log = options.log ?? ((line: string) => void process.stderr.write(`${line}\n`));
  const store = options.store ?? Store.open({ dataDir, ...(retention === undefined ? {} : { retention }) });
  const service = new ActivationService({ store, invoker, identity, maxInFlight, log });
  const core = new StoreCore(store, service, identity);

  let url = options.publicUrl ?? '';
  const app = new Hono<ServerEnv>();
  mountHearingOut(app);
  mountRequestIds(app);
  mountStoreId(app, identity.uuid);
  options.extend?.(app);
  mountGateway(app, core, () => options.publicUrl ?? url);
  mountWebActions(app, core);
  mountApi(app, core, { store, service, invoker, maxInFlight }, log);

  const serverOptions = { maxHeaderSize: limits.headers, keepAliveTimeout: KEPT };
  const server = createAdaptorServer({ fetch: app.fetch, serverOptions });
  if ('closeAllConnections' in server) answerUnreadableRequests(server);
  try {
    const address = await listen(server, host, port);
    const shown = address.family === 'IPv6' ? `[${address.address}]` : address.address;
    url = `http://${shown}:${address.port}`;
  } catch (error) {
    await service.stop(0);
    await store.close();
    throw error;
  }
  const recovered = service.recover();

  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    const closing = new Closing(server);
    await service.stop(graceMs);
    closing.force(FLUSH_MS);
    await closing.done;
    await store.close();
  };
  return {
    url,
    recovered,
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}
