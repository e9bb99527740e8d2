/**
 * The platform on this machine as one thing that starts and stops: storage emulator, invoker, OpenWhisk server, the events
 * of new files, and Cloud Run, over one data folder.
 */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { DiskFullError, isDiskFull } from '../../ground/disk-full';
import { codeOf, messageOf } from '../../ground/errors';
import { writePrivateFile } from '../../ground/private-file';
import { PLATFORM_FILE, type PlatformFile } from '../../infra/targets/local/platform-file';
import { CloudRun } from '../cloudrun/cloud-run';
import { routeCloudRun } from '../cloudrun/routes';
import { LocalFlows } from '../events/flows';
import { readKept } from '../events/records';
import { routeLocalFeed } from '../events/routes';
import type { Invoker } from '../invoker/contract';
import { createInvoker } from '../invoker/create-invoker';
import { prepareDocker } from '../invoker/docker';
import { startServer } from '../openwhisk/server';
import { Store } from '../openwhisk/store/store';
import { startStorage } from '../storage/start-storage';
import { routeTokens } from '../storage/token-endpoint';
import { clientsOf, LOOPBACK, refuseHost, requireLoopback } from './addresses';
import { homeRoute } from './home-page';
import { loadIdentity } from './keys';
import { choosePorts, rememberPorts } from './ports';
import { requirePorts } from './ports-in-use';
import { routeProof } from './proof-route';

/** How to start a platform. */
export interface StartOptions {
  /** Folder for everything the platform keeps; made when missing. */
  readonly dataDir: string;
  /** Address to listen on. When undefined, loopback; with `docker` the address by which its containers know this machine. */
  readonly host: string | undefined;
  /** Ports of OpenWhisk and of the storage emulator; see `choosePorts` for those left out. */
  readonly port: number | undefined;
  readonly storagePort: number | undefined;
  /** Environment variable PDFMAGIC_SANDBOX, else `auto`, when undefined. */
  readonly sandbox: 'auto' | 'bubblewrap' | 'process' | undefined;
  /** Python actions and services of Cloud Run are containers of the Docker engine here, in images made on these. */
  readonly docker: { readonly baseImage: string; readonly cloudRunBaseImage: string } | undefined;
  /** Takes lines for people: warnings, restarts. */
  readonly log: (line: string) => void;
}

/** A platform that runs. */
export interface Platform extends PlatformFile {
  /** Ends it: accepted work stays in the store, every child process is gone. */
  stop(): Promise<void>;
}

/**
 * Starts the platform and writes `platform.json` and `.wskprops` into its data folder.
 * @throws Error for a port in use, a data folder in use, plain processes on another address than loopback; before anything
 *   is started, for Docker that cannot be used; DiskFullError when its files do not fit
 */
export async function startPlatform(options: StartOptions): Promise<Platform> {
  const { log } = options;
  refuseHost(options);
  const docker = options.docker && (await prepareDocker(options.docker.baseImage, log));
  const host = options.host ?? docker?.gateway ?? LOOPBACK;
  const dataDir = path.resolve(options.dataDir);
  makeFolder(dataDir);
  const { port, storagePort } = choosePorts(dataDir, options);
  const isNew = !existsSync(path.join(dataDir, 'store'));
  const apihost = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  // First of all: whoever owns the store owns the folder, and may end what an earlier owner left in it.
  const store = Store.open({ dataDir });
  const started: { stop(): Promise<void> }[] = [{ stop: () => store.close() }];
  const stop = async (): Promise<void> => {
    rmSync(path.join(dataDir, PLATFORM_FILE), { force: true });
    for (const part of started.reverse().splice(0)) await part.stop();
  };
  try {
    // Before all that can fail, so that a new store is never left without its key.
    const identity = loadIdentity(dataDir, apihost, isNew);
    await requirePorts({ host, port }, { host: docker?.gateway ?? LOOPBACK, port: storagePort });
    let flows: LocalFlows | undefined;
    let cloudRun: CloudRun | undefined;
    const storage = await startStorage({
      dataDir: path.join(dataDir, 'storage'),
      port: storagePort,
      page: new URL(apihost).origin,
      log,
      // What is written before the flows are there, they find when they start.
      listener: {
        written: (bucket, name, metadata) => {
          flows?.written(bucket, name, metadata);
          cloudRun?.written(bucket, name, metadata);
        },
        uncertain: () => {
          flows?.uncertain();
          cloudRun?.uncertain();
        },
      },
      ...(docker ? { host: docker.gateway, clients: clientsOf(docker) } : {}),
    });
    started.push(storage);
    const invoker = await createInvoker({
      dataDir: path.join(dataDir, 'invoker'),
      apiHost: apihost,
      ...(options.sandbox === undefined ? {} : { sandbox: options.sandbox }),
      ...(docker ? { docker } : {}),
      log,
    });
    started.push(invoker);
    if (invoker.sandbox.warning !== undefined) log(`sandbox: ${invoker.sandbox.warning}`);
    requireLoopback(host, invoker.sandbox.kind, docker);
    const auth = `${identity.uuid}:${identity.key}`;
    const openwhisk = { apihost, auth, namespace: identity.namespace };
    const events = new LocalFlows({
      ...{ ledger: store.events, endpoint: storage.endpoint, openwhisk, log },
      readActivation: readKept(store.activations),
    });
    flows = events;
    const services = await CloudRun.open({
      ...{ dataDir, url: apihost, storageEndpoint: storage.endpoint, ledger: store.events, log },
      docker: options.docker && { baseImage: options.docker.cloudRunBaseImage },
    });
    cloudRun = services;
    const server = await startServer({
      store,
      host,
      port,
      dataDir,
      identity,
      invoker,
      publicUrl: apihost,
      log,
      extend: (app) =>
        app
          .route('/', routeProof(auth, apihost))
          .route(
            '/',
            homeRoute({
              url: apihost,
              tenant: identity.uuid,
              storageEndpoint: storage.endpoint,
              apis: () => store.apis.list(identity.uuid),
              services: () => services.urls(),
            }),
          )
          .route('/token', routeTokens())
          .route('/feed', routeLocalFeed(events, auth))
          .route('/', routeCloudRun(services, auth)),
    });
    started.push(server);
    started.push({ stop: () => events.close() }, { stop: () => services.close() });
    events.restore();
    services.restore();
    if (server.recovered > 0) log(`${server.recovered} invocations accepted by an earlier run are running now.`);
    const file: PlatformFile = {
      apihost,
      namespace: identity.namespace,
      pid: process.pid,
      storageEndpoint: storage.endpoint,
      tokenUri: `${apihost}/token`,
      feedUrl: `${apihost}/feed`,
      image: imageOf(invoker.images),
      ...(options.docker
        ? { cloudRunBaseImage: options.docker.cloudRunBaseImage }
        : { python: pythonOf(invoker.runtimes) }),
    };
    rememberPorts(dataDir, { port, storagePort });
    writePrivateFile(path.join(dataDir, PLATFORM_FILE), `${JSON.stringify(file, null, 2)}\n`);
    return { ...file, stop };
  } catch (error) {
    await stop();
    // A system's error that nobody put in words yet: keys, settings, copies for sandboxes.
    if (codeOf(error) !== undefined && isDiskFull(error)) throw new DiskFullError(dataDir, undefined, error);
    throw error;
  }
}

function makeFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  } catch (error) {
    const why = messageOf(error);
    throw new Error(`${dataDir} cannot be the data folder (${why}). Choose another one with --data.`);
  }
}

function imageOf(images: readonly string[]): string {
  const image = images[0];
  if (image === undefined) throw new Error('the invoker offers no image with ImageMagick');
  return image;
}

function pythonOf(runtimes: Invoker['runtimes']): string {
  const python = runtimes.find((runtime) => runtime.family === 'python');
  if (python?.executable === undefined)
    throw new Error(
      'there is no Python 3 outside your home folder, and sandboxes cannot see the home folder. ' +
        'Install python3 with the package manager.',
    );
  return python.executable;
}
