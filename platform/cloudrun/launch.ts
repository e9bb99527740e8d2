/** How instances are started here: as processes, or with `--docker` as containers. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { assembleCloudRun } from '../../infra/image/cloudrun-context';
import { buildImage, makeClaimLabel, removeContainers } from '../invoker/docker';
import { prepareCommand, removeProcesses } from './command';
import { CLOUDRUN, startContainer } from './container';
import type { Instance } from './instance';
import { startProcess } from './process';

/** Starts an instance of a service with these variables; `log` takes what it writes. */
export type Launch = (
  service: string,
  environment: Readonly<Record<string, string>>,
  log: (line: string) => void,
) => Promise<Instance>;

export interface LaunchOptions {
  /** Data folder of the platform. */
  readonly dataDir: string;
  /** Instances are containers, in an image made on this one; else processes. */
  readonly docker: { readonly baseImage: string } | undefined;
  readonly log: (line: string) => void;
}

/**
 * Makes what instances are started from, as the sources are now: the image, or the virtual environment.
 * @throws DockerError or PackagingError when that cannot be
 */
export async function prepareLaunch({ dataDir, docker, log }: LaunchOptions): Promise<Launch> {
  if (docker === undefined) {
    const command = await prepareCommand(nameOwnFolder(dataDir), log);
    return (_service, environment, hear) => startProcess(command, environment, hear);
  }
  await assembleCloudRun();
  const image = await buildImage(CLOUDRUN, docker.baseImage, log);
  const folder = nameOwnFolder(dataDir);
  mkdirSync(folder, { recursive: true });
  const label = makeClaimLabel(folder);
  return (service, environment, hear) => startContainer({ image, label, service }, environment, hear);
}

/** Removes all containers and processes of this data folder's services that a platform left. @returns how many */
export async function removeInstances(dataDir: string): Promise<number> {
  return (await removeContainers(nameOwnFolder(dataDir))) + (await removeProcesses(nameOwnFolder(dataDir)));
}

function nameOwnFolder(dataDir: string): string {
  return path.join(path.resolve(dataDir), 'cloudrun');
}
