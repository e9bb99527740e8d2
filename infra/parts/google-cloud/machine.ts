/** Looks, before anything is created, whether this machine has what an `up` will need minutes later. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import * as pulumi from '@pulumi/pulumi';

/** The machine, as far as it is looked at; tests bring their own. */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  exists(file: string): boolean;
  read(file: string): string;
  /** Runs a command; resolves with its standard output, rejects when it cannot be run or fails. */
  run(command: string, args: readonly string[]): Promise<string>;
}

export const thisMachine: Machine = {
  get env() {
    return process.env;
  },
  exists: existsSync,
  read: (file) => readFileSync(file, 'utf8'),
  run: async (command, args) => (await promisify(execFile)(command, [...args], { timeout: 30_000 })).stdout,
};

/** Something missing, and the command that fixes it. */
export interface Lack {
  readonly what: string;
  readonly fix: string;
}

/** @throws pulumi.RunError naming all that is missing for `purpose`, e.g. `target gke` */
export function refuse(purpose: string, lacks: readonly Lack[]): void {
  if (lacks.length === 0) return;
  const lines = lacks.map(({ what, fix }) => `  - ${what}\n    fix: ${fix}`);
  throw new pulumi.RunError(`This machine is not ready for ${purpose}; nothing was created:\n\n${lines.join('\n')}`);
}

/** Where the provider looks: https://www.pulumi.com/registry/packages/gcp/installation-configuration/ */
export function checkCredentials(machine: Machine): Lack[] {
  const { env, exists } = machine;
  const fix = 'gcloud auth application-default login';
  const named = env.GOOGLE_APPLICATION_CREDENTIALS;
  if (named) {
    return exists(named) ? [] : [{ what: `GOOGLE_APPLICATION_CREDENTIALS names ${named}, which does not exist`, fix }];
  }
  const inEnvironment = [
    'GOOGLE_CREDENTIALS',
    'GOOGLE_OAUTH_ACCESS_TOKEN',
    'GOOGLE_CLOUD_KEYFILE_JSON',
    'GCLOUD_KEYFILE_JSON',
  ];
  if (inEnvironment.some((name) => env[name])) return [];
  const folder = env.CLOUDSDK_CONFIG ?? path.join(env.HOME ?? '', '.config', 'gcloud');
  if (exists(path.join(folder, 'application_default_credentials.json')) || isGoogles(machine)) return [];
  return [{ what: 'there are no Google credentials', fix }];
}

/** What a machine of Google's is called by its firmware. */
const PRODUCT_NAME = '/sys/class/dmi/id/product_name';

/** Cloud Shell, and machines of Compute Engine: their metadata server knows who they are. */
function isGoogles({ env, exists, read }: Machine): boolean {
  if (env.CLOUD_SHELL === 'true' || env.GOOGLE_CLOUD_SHELL === 'true') return true;
  return exists(PRODUCT_NAME) && read(PRODUCT_NAME).startsWith('Google');
}

/**
 * Docker builds and pushes images.
 * @param work what it is needed for, in words
 * @param instead how to do without it
 * @param host a registry on Google Cloud that it pushes to
 */
export async function checkDockerEngine(
  machine: Machine,
  { work, instead, host }: { readonly work: string; readonly instead: string; readonly host: string | undefined },
): Promise<Lack[]> {
  try {
    await machine.run('docker', ['version', '--format', '{{.Server.Version}}']);
  } catch {
    const what = `no Docker engine answers (\`docker version\`); one is needed to build ${work}`;
    return [{ what, fix: `start Docker; or, without Docker, ${instead}` }];
  }
  if (host === undefined || knowsRegistry(host, machine)) return [];
  return [{ what: `Docker has no login for ${host}`, fix: `gcloud auth configure-docker ${host}` }];
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
