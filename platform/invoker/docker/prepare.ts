/** All that must be so before a platform that uses Docker is started. */
import { findBridgeSubnet, requireEngine } from './engine';
import { buildImage, RUNTIME } from './image';
import { type Trial, tryImage } from './trial';

/** A Docker engine that can run Python actions in a runtime image. */
export interface DockerRuntime extends Trial {
  /** The runtime image, in the engine. */
  readonly image: string;
  /** Where containers are, e.g. `172.17.0.0/16`. */
  readonly subnet: string;
}

/**
 * Looks for the engine, builds the image, and tries both.
 * @throws DockerError that says what is wrong and what to do
 */
export async function prepareDocker(baseImage: string, log: (line: string) => void): Promise<DockerRuntime> {
  await requireEngine();
  const subnet = await findBridgeSubnet();
  const image = await buildImage(RUNTIME, baseImage, log);
  return { image, subnet, ...(await tryImage(image)) };
}
