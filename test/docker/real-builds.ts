/** For stacks whose images are built and pushed for real: what these are built on by name, and a registry to push them to. */
import { CLOUDRUN_BASE_IMAGE, type FEED_BASE_IMAGE } from '../../infra/image/recipe';
import { onPath } from '../e2e/on-path';
import { docker, testBase, testPythonBase, whyNotCloudRun } from './engine';
import { hasRegistry, type Registry, startRegistry } from './registry';

/** What a stack is told of them. */
export interface RealBuilds {
  readonly registry: Registry;
  /** For the runtime image. */
  readonly baseImage: string;
  stop(): void;
}

/** Why there can be none here; undefined when there can. */
export function whyNoBuilds(): string | undefined {
  if (!onPath('sh', '-c', 'command -v pulumi-resource-docker')) return 'no pulumi-resource-docker on the PATH';
  if (!hasRegistry()) return 'docker-registry is not installed';
  // A build asks by the played Google's proxy, which knows no further one.
  if (process.env.HTTPS_PROXY ?? process.env.https_proxy) return 'there is a proxy before the world';
  return whyNotCloudRun();
}

/**
 * Prepares them. @param name what the stack's other image is built on; when the engine does not have it, a stand-in has its name until
 * all is stopped, so two test files must not have the same at a time
 */
export async function prepareBuilds(name: typeof FEED_BASE_IMAGE | typeof CLOUDRUN_BASE_IMAGE): Promise<RealBuilds> {
  const baseImage = testBase();
  const isLacking = !onPath('docker', 'image', 'inspect', name);
  if (isLacking) docker('tag', name === CLOUDRUN_BASE_IMAGE ? testPythonBase() : baseImage, name);
  const registry = await startRegistry();
  return {
    registry,
    baseImage,
    stop: () => {
      registry.stop();
      const pushed = docker(
        'images',
        '--format',
        '{{.Repository}}:{{.Tag}}',
        '--filter',
        `reference=${registry.host}/*/*`,
      );
      for (const each of [...pushed.split('\n').filter(Boolean), ...(isLacking ? [name] : [])]) docker('rmi', each);
    },
  };
}
