/** The images of this project: built and pushed under a tag made of their content. See README.md. */
import * as docker from '@pulumi/docker';
import * as pulumi from '@pulumi/pulumi';
import { chooseBuildOptions } from './build-options';
import { computeTag, PLATFORM } from './content-tag';
import { type ImageRecipe, RUNTIME_IMAGE } from './recipe';

/** What an image is built on, and where it goes. */
export interface ImageArgs {
  /** For the runtime image an OpenWhisk Python action image, for Cloud Run's a Python one. */
  readonly baseImage: string;
  /** Registry and folder to push to, without the image's own name. */
  readonly repository: pulumi.Output<string>;
}

/** {@link buildImage} of the image that the Python actions run in. */
export function buildRuntimeImage(args: ImageArgs): pulumi.Output<string> {
  return buildImage(RUNTIME_IMAGE, args);
}

/**
 * Builds and pushes the image with the Docker engine at hand. Credentials are Docker's own (`docker login`, credential
 * helpers), so none is in the state. An unchanged image has the same name: nothing is built, nothing pushed.
 * @returns its name with tag, known once it has been pushed
 */
export function buildImage(recipe: ImageRecipe, { baseImage, repository }: ImageArgs): pulumi.Output<string> {
  const { args, proxies, network } = chooseBuildOptions(baseImage);
  const secretProxies = Object.entries(proxies).map(([name, value]) => [name, pulumi.secret(value)] as const);
  const image = new docker.Image(recipe.resource, {
    imageName: pulumi.interpolate`${repository}/${recipe.name}:${computeTag(recipe, baseImage)}`,
    build: {
      context: recipe.context,
      dockerfile: recipe.context === '.' ? recipe.dockerfile : `${recipe.context}/${recipe.dockerfile}`,
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
