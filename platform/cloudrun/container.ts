/** An instance as a container of the Docker engine here, bounded as on Cloud Run, from its start to its end. */
import { randomBytes } from 'node:crypto';
import { waitAtMost } from '../../ground/wait-at-most';
import { CLOUDRUN_IMAGE } from '../../infra/image/recipe';
import { CONTAINER_SIZE } from '../../infra/targets/cloudrun/container-size';
import { docker, type EngineImage, removeContainer, runContainer } from '../invoker/docker';
import { type Instance, Output, STOP_LIMIT, untilReady } from './instance';

/** What services run in. */
export const CLOUDRUN: EngineImage = {
  recipe: CLOUDRUN_IMAGE,
  title: 'image of Cloud Run',
  option: '--cloudrun-base-image',
  base: 'a Python image on Debian',
};

/** Where Cloud Run tells a container to listen unless a service says otherwise. */
const PORT = 8080;
/** Milliseconds that the streams of a removed container may take to be read to their end. */
const STREAM_PATIENCE = 2_000;

/**
 * Its user is that of the Dockerfile. Cloud Run lets a container write to its whole file system; this one needs no more than
 * /tmp, which is memory of the container, too, and counts against its limit.
 */
const SHUT_IN = ['--cpus', CONTAINER_SIZE.cpu, '--read-only', '--tmpfs', '/tmp', '--cap-drop', 'ALL'];

/** Of which image, and under which label it is found again. */
export interface ContainerOf {
  readonly image: string;
  readonly label: string;
  /** Its name begins with this one's. */
  readonly service: string;
}

/**
 * Starts one and resolves when it is ready.
 * @param environment variables of the service
 * @param log takes what it writes
 * @throws Error with its last words when it does not get ready; DockerError when it does not even come up
 */
export async function startContainer(
  { image, label, service }: ContainerOf,
  environment: Readonly<Record<string, string>>,
  log: (line: string) => void,
): Promise<Instance> {
  const output = new Output(log);
  const name = `pdfmagic-run-${service}-${randomBytes(6).toString('hex')}`;
  const running = await runContainer({
    // Docker writes the unit out: 2GiB.
    ...{ name, image, label, memory: `${CONTAINER_SIZE.memory}B`, options: SHUT_IN },
    environment: { ...environment, PORT: String(PORT) },
    listen: (stream) => output.listen(stream),
  });
  // One that ends by itself is still there, and its name is taken.
  const ended = running.ended.then(() => removeContainer(name));
  const stop = async (): Promise<void> => {
    // The engine sends SIGTERM, waits, and sends SIGKILL.
    await docker(['stop', '-t', String(STOP_LIMIT / 1000), name]).catch(() => {});
    await removeContainer(name);
    await waitAtMost(STREAM_PATIENCE, ended);
  };
  const instance = { url: `http://${running.address}:${PORT}`, ended, stop };
  await untilReady(instance, output);
  return { ...instance, pid: running.pid };
}
