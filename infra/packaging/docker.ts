/** The `docker` command, and what its refusals mean for somebody who only wants zips. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Milliseconds: an image has some hundred megabytes. */
const PULL_PATIENCE = 30 * 60_000;
const PATIENCE = 2 * 60_000;

/** A command of Docker's that failed, in Docker's own words. */
export class DockerFailure extends Error {
  override readonly name = 'DockerFailure';

  /** Whether it is the engine that is missing, not the image. */
  get noEngine(): boolean {
    return /ENOENT|docker daemon|docker\.sock|error during connect|permission denied while trying/i.test(this.message);
  }
}

/** Runs `docker` to its end. @returns what it wrote to standard output @throws DockerFailure */
export async function runDocker(...args: string[]): Promise<string> {
  const timeout = args[0] === 'pull' ? PULL_PATIENCE : PATIENCE;
  try {
    return (await promisify(execFile)('docker', args, { timeout })).stdout.trim();
  } catch (error) {
    throw new DockerFailure(readReason(error));
  }
}

function readReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('killed' in error && error.killed === true) return 'it did not answer in time';
  const said = 'stderr' in error && typeof error.stderr === 'string' ? error.stderr.trim() : '';
  const lines = (said === '' ? error.message : said).split('\n');
  return lines.findLast((line) => !/^(See|Run) 'docker|^\s*$/.test(line)) ?? '';
}

/**
 * What a failed `docker run` means, when it was Docker that failed and not what runs in the container.
 * @param said all that was written
 */
export function explainDockerRun(said: string): string | undefined {
  if (/exec format error/i.test(said)) {
    return (
      'this machine cannot run programs for linux/amd64, which the image is made of. Install QEMU with ' +
      'binfmt, or use a Python of this machine: `pulumi config set python python3.N`.'
    );
  }
  if (/bind source path does not exist|Mounts denied|not shared from/i.test(said)) {
    return (
      'the Docker engine does not see the folders of this project. It must run on this machine (is DOCKER_HOST set?), and ' +
      'Docker Desktop must share the folder (Settings, Resources, File sharing).'
    );
  }
  if (new DockerFailure(said).noEngine) return 'the Docker engine no longer answers. Start it and run this again.';
  return undefined;
}
