/** An image of this project, made by the Docker engine here, under the same content tag as for a cluster. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { writeDockerBuildOptions } from '../../../infra/image/build-options';
import { computeTag } from '../../../infra/image/content-tag';
import { type ImageRecipe, RUNTIME_IMAGE } from '../../../infra/image/recipe';
import { DockerError, docker } from './command';
import { stageContext } from './context';

/** What is built, and the words for it. */
export interface EngineImage {
  readonly recipe: ImageRecipe;
  /** What people call it. */
  readonly title: string;
  /** The option that names another base image, and what kind of image that must be. */
  readonly option: string;
  readonly base: string;
}

/** What Python actions run in. */
export const RUNTIME: EngineImage = {
  recipe: RUNTIME_IMAGE,
  title: 'runtime image',
  option: '--base-image',
  base: 'an OpenWhisk Python action image',
};

const REPOSITORY = 'pdfmagic';
/** Milliseconds: a base image is some 400 MB, and ImageMagick comes from Debian's mirrors. */
const BUILD_PATIENCE = 45 * 60_000;
/** Lines of a failed build that are worth showing. */
const LAST_LINES = 12;

/** The words of engines old and new for an image that cannot be had. */
const NO_BASE_IMAGE =
  /pull access denied|manifest (for \S+ )?(not found|unknown)|failed to resolve (source metadata|reference)|failed to do request|Get "?https?:\/\/|no such host|not found: manifest|repository does not exist|invalid reference format/i;

/** Name and tag of the image on a base image. */
export function nameImage({ recipe }: EngineImage, baseImage: string): string {
  return `${REPOSITORY}/${recipe.name}:${computeTag(recipe, baseImage)}`;
}

/**
 * Builds the image. What did not change is taken from the engine's cache, so a second time takes a second.
 * @returns its name with tag
 * @throws DockerError that tells a base image that cannot be had from a build that failed
 */
export async function buildImage(image: EngineImage, baseImage: string, log: (line: string) => void): Promise<string> {
  const name = nameImage(image, baseImage);
  if (!(await exists(name)))
    log(`Building the ${image.title} on ${baseImage}; this takes a few minutes, but only once ...`);
  const context = await stageContext(image.recipe);
  try {
    const file = path.join(context, image.recipe.dockerfile);
    const options = ['--force-rm', ...writeDockerBuildOptions(baseImage), '--file', file, '--tag', name];
    await docker(['build', ...options, context], BUILD_PATIENCE);
  } catch (error) {
    if (!(error instanceof DockerError)) throw error;
    const isThere = await exists(baseImage);
    throw new DockerError(explainBuild(error.said || error.message, image, baseImage, isThere), error.said);
  } finally {
    await rm(context, { recursive: true });
  }
  return name;
}

async function exists(image: string): Promise<boolean> {
  return docker(['image', 'inspect', '--format', '{{.Id}}', image]).then(
    () => true,
    () => false,
  );
}

/** `isThere`: the engine has the base image; BuildKit does not tell of those that it pulled. */
function explainBuild(said: string, { recipe, title, option, base }: EngineImage, baseImage: string, isThere: boolean) {
  const lines = said.split('\n').filter((line) => line.trim() !== '');
  const refusal = isThere ? undefined : lines.findLast((line) => NO_BASE_IMAGE.test(line));
  if (refusal !== undefined) {
    return (
      `The base image ${baseImage} is not available: ${refusal.trim()}\n` +
      `Is the registry reachable, and the name right? To use another one: ${option} NAME, with ${base} ` +
      'that this engine has or can pull.'
    );
  }
  const last = lines.slice(-LAST_LINES).join('\n  ');
  const file = path.join(recipe.context, recipe.dockerfile);
  const byHand = `docker build --build-arg BASE_IMAGE=${baseImage} --file ${file} ${recipe.context}`;
  return `The ${title} could not be built (${byHand}):\n  ${last}`;
}
