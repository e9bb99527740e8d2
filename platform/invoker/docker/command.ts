/** The `docker` command: everything that is asked of a Docker engine goes through it, as its own settings say. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Milliseconds after which a command that should be quick is given up. */
const PATIENCE = 60_000;

/** What the Docker engine could not do; the text is for people. */
export class DockerError extends Error {
  override readonly name = 'DockerError';

  /** `said`: what the command wrote, for the caller to look at. */
  constructor(
    message: string,
    readonly said = '',
  ) {
    super(message);
  }
}

/**
 * Runs `docker` with these arguments.
 * @returns what it wrote to its standard output, without the line end
 * @throws DockerError with the last line it wrote to standard error
 */
export async function docker(args: readonly string[], patience: number = PATIENCE): Promise<string> {
  try {
    const { stdout } = await run('docker', args, { timeout: patience, killSignal: 'SIGKILL', maxBuffer: 1 << 26 });
    return stdout.trim();
  } catch (error) {
    const { code, killed, stdout, stderr } = readFailure(error);
    if (code === 'ENOENT') throw new DockerError('There is no `docker` command on this machine.');
    const said = `${stdout}${stderr}`.trim();
    const last = stderr.trim().split('\n').at(-1) || said.split('\n').at(-1) || `it ended with status ${code}`;
    const why = killed ? `it did not end within ${patience / 1000} seconds` : last;
    throw new DockerError(`\`docker ${args.slice(0, 2).join(' ')}\` failed: ${why}`, said);
  }
}

function readFailure(error: unknown): { code: unknown; killed: boolean; stdout: string; stderr: string } {
  const { code, killed, stdout, stderr }: Partial<Record<string, unknown>> = error instanceof Error ? { ...error } : {};
  return { code, killed: killed === true, stdout: String(stdout ?? ''), stderr: String(stderr ?? '') };
}
