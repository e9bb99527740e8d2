/** Cloud Storage on this machine: fake-gcs-server, kept running behind a front door. See README.md. */
import path from 'node:path';
import { chooseCommand } from './command';
import { makeDataFolder, openRunFolder, removeUnfinished } from './data-folder';
import { openFrontDoor } from './front-door';
import { installServer } from './install';
import { endOrphan } from './orphan';
import type { Patience } from './pace';
import { type Supervised, supervise } from './supervisor';
import type { WriteListener } from './written';

export type { WriteListener } from './written';

/** Where and how. */
export interface StorageOptions {
  /** Folder for buckets and objects; made when missing. One platform at a time. */
  readonly dataDir: string;
  /** Address to listen on; loopback unless there is a good reason: nobody is asked for a password. */
  readonly host?: string;
  /** Whether one at this address may connect, where `host` alone does not say that. Everybody when left out. */
  readonly clients?: (address: string) => boolean;
  /** Origin of the one web page that may come in, by signed URLs: `http://127.0.0.1:3233`. None when left out. */
  readonly page?: string;
  /** Port; 0 for any. */
  readonly port: number;
  /** How slow clients may be; see `pace.ts`. */
  readonly patience?: Patience;
  /** Takes lines for people: installation, restarts. */
  readonly log?: (line: string) => void;
  /** Hears of every object that is written. */
  readonly listener?: WriteListener;
}

/** An emulator that runs. */
export interface Storage {
  /** `apiEndpoint` of the Node.js client, `STORAGE_EMULATOR_HOST` of the Python one: `http://127.0.0.1:4443`. */
  readonly endpoint: string;
  /** Id of the process group of fake-gcs-server; undefined while it is being restarted. */
  pid(): number | undefined;
  /** Ends it; objects stay. */
  stop(): Promise<void>;
}

/**
 * Starts the emulator; resolves when it answers.
 * @throws Error when the port is taken, the data folder cannot be used, or fake-gcs-server cannot be installed or does not
 *   start
 */
export async function startStorage(options: StorageOptions): Promise<Storage> {
  const { port, host = '127.0.0.1', clients, page, patience, log = () => undefined } = options;
  const dataDir = path.resolve(options.dataDir);
  makeDataFolder(dataDir);
  const run = openRunFolder(dataDir);
  const binary = await installServer(log);
  let server: Supervised | undefined;
  const door = await openFrontDoor(
    { host, port, ...(clients && { clients }), ...(page !== undefined && { page }), ...(patience && { patience }) },
    async () => server?.place(),
    { dataDir, log },
    options.listener,
  );
  try {
    await endOrphan(run.path, dataDir);
    const choose = chooseCommand({ binary, dataDir, runDir: run.path, shortRunDir: run.shortPath }, door.endpoint);
    const command = () => {
      removeUnfinished(dataDir);
      return choose();
    };
    const started = await supervise({ command, runDir: run.path, log });
    server = started;
    await door
      .sweep()
      .catch((error: Error) => log(`storage: cannot remove records without an object: ${error.message}`));
    return {
      endpoint: door.endpoint,
      pid: () => started.pid(),
      stop: async () => {
        await door.close();
        await started.stop();
        run.close();
      },
    };
  } catch (error) {
    await door.close();
    run.close();
    throw error;
  }
}
