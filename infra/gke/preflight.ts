/** Looks, before anything is made, whether this machine has what an `up` will need minutes later. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import * as pulumi from '@pulumi/pulumi';
import type { GkeConfig } from '../config';
import { registryHost } from '../google-cloud';
import { EXEC_PLUGIN } from './kubeconfig';

/** The machine, as far as it is looked at; tests bring their own. */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  exists(file: string): boolean;
  read(file: string): string;
  /** Runs a command; resolves with its standard output, rejects when it cannot be run or fails. */
  run(command: string, args: readonly string[]): Promise<string>;
}

const thisMachine: Machine = {
  env: process.env,
  exists: existsSync,
  read: (file) => readFileSync(file, 'utf8'),
  run: async (command, args) => (await promisify(execFile)(command, [...args], { timeout: 30_000 })).stdout,
};

/** Something missing, and the command that mends it. */
interface Lack {
  readonly what: string;
  readonly mend: string;
}

/** @throws pulumi.RunError naming all that is missing */
export async function preflight(config: GkeConfig, machine: Machine = thisMachine): Promise<void> {
  const [plugin, docker] = await Promise.all([execPlugin(machine), dockerEngine(config, machine)]);
  const lacks = [...credentials(machine), ...plugin, ...docker];
  if (lacks.length === 0) return;
  const lines = lacks.map(({ what, mend }) => `  - ${what}\n    mend: ${mend}`);
  throw new pulumi.RunError(`This machine is not ready for target gke; nothing was made:\n\n${lines.join('\n')}`);
}

/** Where the provider looks: https://www.pulumi.com/registry/packages/gcp/installation-configuration/ */
function credentials({ env, exists }: Machine): Lack[] {
  const mend = 'gcloud auth application-default login';
  const named = env.GOOGLE_APPLICATION_CREDENTIALS;
  if (named) {
    return exists(named) ? [] : [{ what: `GOOGLE_APPLICATION_CREDENTIALS names ${named}, which is not there`, mend }];
  }
  const inEnvironment = [
    'GOOGLE_CREDENTIALS',
    'GOOGLE_OAUTH_ACCESS_TOKEN',
    'GOOGLE_CLOUD_KEYFILE_JSON',
    'GCLOUD_KEYFILE_JSON',
  ];
  if (inEnvironment.some((name) => env[name])) return [];
  const folder = env.CLOUDSDK_CONFIG ?? path.join(env.HOME ?? '', '.config', 'gcloud');
  if (exists(path.join(folder, 'application_default_credentials.json'))) return [];
  return [{ what: 'there are no Google credentials', mend }];
}

/** The plugin gives a token: so it is there, and its user is logged in. */
async function execPlugin({ run }: Machine): Promise<Lack[]> {
  try {
    const answer: unknown = JSON.parse(await run(EXEC_PLUGIN, []));
    if (JSON.stringify(answer).includes('"token":"')) return [];
    return [{ what: `${EXEC_PLUGIN} gives no token`, mend: 'gcloud auth login' }];
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      const mend = `gcloud components install ${EXEC_PLUGIN} (Debian, Ubuntu: sudo apt-get install google-cloud-cli-${EXEC_PLUGIN})`;
      return [{ what: `${EXEC_PLUGIN} is not on the PATH`, mend }];
    }
    const line = error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error);
    return [{ what: `${EXEC_PLUGIN} gives no token (${line})`, mend: 'gcloud auth login' }];
  }
}

/** Docker builds and pushes the image, and makes the actions' libraries inside it. */
async function dockerEngine(config: GkeConfig, machine: Machine): Promise<Lack[]> {
  const { runtime } = config;
  if (runtime.image !== undefined && runtime.python !== undefined) return [];
  try {
    await machine.run('docker', ['version', '--format', '{{.Server.Version}}']);
  } catch {
    const what =
      'no Docker engine answers (`docker version`); it makes the runtime image and the libraries of the actions';
    return [{ what, mend: 'start Docker; without it: set both `image` (a ready one) and `python`' }];
  }
  if (runtime.image !== undefined || runtime.registry !== undefined) return [];
  const host = registryHost(config);
  if (knowsRegistry(host, machine)) return [];
  return [{ what: `Docker has no login for ${host}`, mend: `gcloud auth configure-docker ${host}` }];
}

/** Docker's own settings: https://docs.docker.com/reference/cli/docker/login/#credential-helpers */
function knowsRegistry(host: string, { env, exists, read }: Machine): boolean {
  const file = path.join(env.DOCKER_CONFIG ?? path.join(env.HOME ?? '', '.docker'), 'config.json');
  if (!exists(file)) return false;
  try {
    const settings: unknown = JSON.parse(read(file));
    if (typeof settings !== 'object' || settings === null) return false;
    return ['credHelpers', 'auths'].some((part) => {
      const hosts: unknown = Reflect.get(settings, part);
      return typeof hosts === 'object' && hosts !== null && (host in hosts || `https://${host}` in hosts);
    });
  } catch {
    return false;
  }
}
