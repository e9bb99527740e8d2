/** The Python of a container image: the one that its actions will run on. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { PackagingError } from './errors';
import type { Interpreter } from './interpreter';

const docker = async (...args: string[]) => (await promisify(execFile)('docker', args)).stdout.trim();

/** Every interpreter that this process has asked for. */
const known = new Map<string, Promise<Interpreter>>();

/**
 * Finds the `python3` of an image, which OpenWhisk's Python runtimes start actions with; the image is pulled if need be.
 * @throws PackagingError no Docker, no such image, no Python in it
 */
export function interpreterInImage(image: string): Promise<Interpreter> {
  const asked = known.get(image) ?? ask(image);
  known.set(image, asked);
  return asked;
}

async function ask(image: string): Promise<Interpreter> {
  const id = await idOf(image);
  const program = 'import sys; print("%d.%d" % sys.version_info[:2])';
  const version = await docker('run', '--rm', '--entrypoint=python3', id, '-c', program).catch((error: unknown) => {
    throw new PackagingError(`The image ${image} has no python3 that runs: ${reasonOf(error)}`);
  });
  if (!/^3\.\d+$/.test(version)) throw new PackagingError(`python3 of the image ${image} is of version "${version}".`);
  return { command: 'python3', version, image: id };
}

/** The id names the content, whatever the tag comes to mean. */
async function idOf(image: string): Promise<string> {
  const inspect = () => docker('image', 'inspect', '--format', '{{.Id}}', image);
  try {
    return await inspect();
  } catch (error) {
    const reason = reasonOf(error);
    if (/ENOENT|daemon|permission denied/i.test(reason)) throw new PackagingError(noDocker(image, reason));
  }
  try {
    await docker('pull', '--quiet', image);
    return await inspect();
  } catch (error) {
    throw new PackagingError(
      `The image ${image} cannot be pulled (${reasonOf(error)}). The libraries of the actions are made inside it. Is its name ` +
        'right, and are you logged in (`docker login`)?',
    );
  }
}

function noDocker(image: string, reason: string): string {
  return (
    `No Docker engine answers (${reason}), and the libraries of the actions are made inside the image ${image}. Start ` +
    "Docker; or let a Python of this machine make them, of the image's minor version: `pulumi config set python python3.N`."
  );
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const said = 'stderr' in error && typeof error.stderr === 'string' ? error.stderr.trim() : '';
  return (said === '' ? error.message : said).split('\n').at(-1) ?? '';
}
