/** The Python of a container image: the one that its actions run on. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PLATFORM } from './container';
import { DockerFailure, explainDockerRun, runDocker } from './docker';
import { PackagingError } from './errors';
import type { Interpreter } from './interpreter';

/** A name that always means the same content: by digest, or by a tag of infra/image/content-tag.ts. */
const FIXED = /@(sha256:[0-9a-f]{64})$|:(imagemagick-[0-9a-f]{12})$/;

/**
 * What an image's name stands for, as a part of a cache key: the digest or content tag in it, else the id of the image, which
 * the engine knows. Without an engine it is taken to stand for what it stood for the last time, so that what has been made
 * once can be had without Docker.
 * @param buildDir where the last time is kept
 * @throws PackagingError no Docker, no such image
 */
export async function identifyImage(image: string, buildDir: string): Promise<string> {
  const [, digest, tag] = FIXED.exec(image) ?? [];
  const fixed = digest ?? tag;
  if (fixed !== undefined) return fixed;
  const record = path.join(buildDir, 'images', createHash('sha256').update(image).digest('hex').slice(0, 16));
  try {
    const id = await readId(image);
    await mkdir(path.dirname(record), { recursive: true });
    await writeFile(record, id);
    return id;
  } catch (error) {
    if (!(error instanceof DockerFailure)) throw error;
    const last = await readFile(record, 'utf8').catch(() => '');
    if (error.noEngine && /^sha256:[0-9a-f]{64}$/.test(last)) return last;
    throw explainFailure(error, image);
  }
}

/** Looks behind the places where an interpreter may be; the first is where OpenWhisk's Python images start actions from. */
const LOOK = `
for python in /usr/local/bin/python python3; do
  if command -v "$python" > /dev/null; then
    exec "$python" -I -c 'import sys; print("%s %d.%d" % (sys.executable, *sys.version_info[:2]))'
  fi
done
echo "no Python in it" >&2
exit 127
`;

/**
 * Asks an image for the interpreter of its actions: /usr/local/bin/python in OpenWhisk's own
 * (apache/openwhisk-runtime-python, core/python3Action/bin/compile), else the first `python3`. Pulls the image if need be.
 * @throws PackagingError no Docker, no such image, no Python 3 in it
 */
export async function findInterpreterInImage(image: string): Promise<Interpreter> {
  try {
    const id = await readId(image);
    const answer = await runDocker('run', '--rm', `--platform=${PLATFORM}`, '--entrypoint=/bin/sh', id, '-c', LOOK);
    const [, command, version] = /^(\/\S+) (3\.\d+)$/.exec(answer) ?? [];
    if (command === undefined || version === undefined)
      throw new DockerFailure(`asked for its version, it answers "${answer}"`);
    return { command, version, image: id };
  } catch (error) {
    throw error instanceof DockerFailure ? explainFailure(error, image) : error;
  }
}

/** The image's id in the engine: it names the content, whatever the tag comes to mean. @throws DockerFailure, PackagingError */
async function readId(image: string): Promise<string> {
  const inspect = () => runDocker('image', 'inspect', '--format', '{{.Id}}', image);
  try {
    return await inspect();
  } catch (error) {
    if (!(error instanceof DockerFailure) || error.noEngine) throw error;
  }
  try {
    await runDocker('pull', '--quiet', `--platform=${PLATFORM}`, image);
  } catch (error) {
    if (!(error instanceof DockerFailure) || error.noEngine) throw error;
    throw new PackagingError(
      `The image ${image} cannot be pulled (${error.message}). The libraries of the actions are installed inside ` +
        'it. Check its name, whether its registry is reachable, and whether you are logged in there (`docker login`).',
    );
  }
  return inspect();
}

function explainFailure(error: DockerFailure, image: string): PackagingError {
  if (!error.noEngine) {
    const why = explainDockerRun(error.message) ?? error.message;
    return new PackagingError(`The image ${image} has no Python 3 that runs: ${why}`);
  }
  return new PackagingError(
    `No Docker engine answers (${error.message}), and the libraries of the actions are installed inside the image ${image}. ` +
      'Start Docker, or use a Python of this machine that has the same minor version: `pulumi config set python python3.N`.',
  );
}
