/** The runtime image: built from runtime/ and pushed, under a tag made of its content. See README.md. */
import * as docker from '@pulumi/docker';
import * as pulumi from '@pulumi/pulumi';
import { buildOptions } from './build-options';
import { CONTEXT, contentTag, PLATFORM } from './content-tag';

export { dockerBuildOptions } from './build-options';
export { CONTEXT, contentTag, PLATFORM, SOURCES } from './content-tag';

/** What the image is built on, and where it goes. */
export interface RuntimeImageArgs {
  /** The OpenWhisk Python action image to build on. */
  readonly baseImage: string;
  /** Registry and folder to push to, without the image's own name. */
  readonly repository: pulumi.Output<string>;
}

/** Name of the image in its repository. */
const NAME = 'action-python';

/**
 * Builds and pushes the image with the Docker engine at hand. Credentials are Docker's own (`docker login`, credential
 * helpers), so none is in the state. An unchanged image has the same name: nothing is built, nothing pushed.
 * @returns its name with tag, known once it has been pushed
 */
export function runtimeImage({ baseImage, repository }: RuntimeImageArgs): pulumi.Output<string> {
  const tag = contentTag(baseImage);
  const { args, proxies, network } = buildOptions(baseImage);
  const secretProxies = Object.entries(proxies).map(([name, value]) => [name, pulumi.secret(value)] as const);
  const image = new docker.Image('runtime', {
    imageName: pulumi.interpolate`${repository}/${NAME}:${tag}`,
    build: {
      context: CONTEXT,
      dockerfile: `${CONTEXT}/Dockerfile`,
      platform: PLATFORM,
      args: { ...args, ...Object.fromEntries(secretProxies) },
      ...(network === undefined ? {} : { network }),
    },
    buildOnPreview: false,
    skipPush: false,
  });
  // The digest is there after the push, and only then.
  return pulumi.all([image.imageName, image.repoDigest]).apply(([name]) => name);
}
