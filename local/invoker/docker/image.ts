/** The runtime image: made of `runtime/` by the Docker engine, under the same content tag as for a cluster. */
import path from 'node:path';
import { contentTag } from '../../../infra/image/content-tag';
import { DockerError, docker } from './command';

const CONTEXT = path.resolve(__dirname, '../../../runtime');
const REPOSITORY = 'pdfmagic/action-python';
/** Milliseconds: the base image is some 400 MB, and ImageMagick comes from Debian's mirrors. */
const BUILD_PATIENCE = 45 * 60_000;
/** Lines of a failed build that are worth showing. */
const LAST_LINES = 12;

/** The words of engines old and new for an image that cannot be had. */
const NO_BASE_IMAGE =
  /pull access denied|manifest (for \S+ )?(not found|unknown)|failed to resolve (source metadata|reference)|failed to do request|Get "?https?:\/\/|no such host|not found: manifest|repository does not exist|invalid reference format/i;

/** Name and tag of the image on a base image. */
export function imageName(baseImage: string): string {
  return `${REPOSITORY}:${contentTag(baseImage)}`;
}

/**
 * Builds the image. What did not change is taken from the engine's cache, so a second time takes a second.
 * @returns its name with tag
 * @throws DockerError that tells a base image that cannot be had from a build that failed
 */
export async function buildImage(baseImage: string, log: (line: string) => void): Promise<string> {
  const name = imageName(baseImage);
  if (!(await exists(name))) log(`Building the runtime image on ${baseImage}; this takes minutes, but only once ...`);
  try {
    await docker(['build', '--build-arg', `BASE_IMAGE=${baseImage}`, '--tag', name, CONTEXT], BUILD_PATIENCE);
  } catch (error) {
    if (!(error instanceof DockerError)) throw error;
    const isThere = await exists(baseImage);
    throw new DockerError(explained(error.said || error.message, baseImage, isThere), error.said);
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
function explained(said: string, baseImage: string, isThere: boolean): string {
  const lines = said.split('\n').filter((line) => line.trim() !== '');
  const refusal = isThere ? undefined : lines.findLast((line) => NO_BASE_IMAGE.test(line));
  if (refusal !== undefined) {
    return (
      `The base image ${baseImage} cannot be had: ${refusal.trim()}\n` +
      'Is the registry reachable, and the name right? Another one: --base-image NAME, with an OpenWhisk Python action image ' +
      'that this engine has or can pull.'
    );
  }
  const last = lines.slice(-LAST_LINES).join('\n  ');
  return `The runtime image could not be built (docker build --build-arg BASE_IMAGE=${baseImage} runtime):\n  ${last}`;
}
