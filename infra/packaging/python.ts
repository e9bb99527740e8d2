/** Runs Python's own tools (venv, pip, virtualenv) and puts their failures into words. */
import { spawn } from 'node:child_process';
import { type Mounts, writeDockerRun } from './container';
import { explainDockerRun } from './docker';
import { PackagingError } from './errors';
import type { Interpreter } from './interpreter';

/** No setting of somebody's shell may lead an installation elsewhere; where packages come from stays theirs to set. */
const ENVIRONMENT = {
  PYTHONPATH: undefined,
  PYTHONHOME: undefined,
  PYTHONDONTWRITEBYTECODE: undefined,
  PYTHONOPTIMIZE: undefined,
  PYTHONPYCACHEPREFIX: undefined,
  /** Up to Python 3.10 the order of sets in byte code depends on it. */
  PYTHONHASHSEED: '0',
  VIRTUAL_ENV: undefined,
  PIP_USER: '0',
  PIP_TARGET: undefined,
  PIP_PREFIX: undefined,
  PIP_REQUIREMENT: undefined,
  PIP_DISABLE_PIP_VERSION_CHECK: '1',
};

/**
 * Runs `python ...args` to its end, on this machine or in the interpreter's image.
 * @param doing what for, in words, for an error: `installing the storage emulator`
 * @param mounts what a container must see of this machine
 * @returns all that it wrote
 * @throws PackagingError naming the cause and the remedy
 */
export async function runPython(
  python: string | Pick<Interpreter, 'command' | 'image'>,
  args: readonly string[],
  doing: string,
  mounts: Mounts = { read: [], write: [] },
): Promise<string> {
  const { command, image } = typeof python === 'string' ? { command: python, image: undefined } : python;
  const { ending, said } =
    image === undefined
      ? await run(command, args, 'SIGKILL')
      : // Docker passes it on to the container, which would outlive a killed `docker`.
        await run('docker', writeDockerRun(image, command, args, mounts), 'SIGINT');
  const why = image === undefined || ending === undefined ? undefined : explainDockerRun(said);
  if (why !== undefined) throw new PackagingError(`Failed while ${doing}: ${why}`);
  if (ending !== undefined) throw new PackagingError(explain(ending, said, command, doing));
  return said;
}

/** Ends with what went wrong, if anything did, and all that was written. A Ctrl-C of the terminal reaches the child, too. */
function run(
  program: string,
  args: readonly string[],
  signal: NodeJS.Signals,
): Promise<{ ending?: string; said: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, [...args], {
      env: { ...process.env, ...ENVIRONMENT },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const kill = () => child.kill(signal);
    process.once('exit', kill);
    let said = '';
    const listen = (chunk: string) => {
      said += chunk;
    };
    child.stdout.setEncoding('utf8').on('data', listen);
    child.stderr.setEncoding('utf8').on('data', listen);
    const end = (ending?: string) => {
      process.off('exit', kill);
      resolve(ending === undefined ? { said } : { ending, said });
    };
    child.once('error', (error) => end(`it could not be started (${error.message})`));
    child.once('close', (code, by) => end(code === 0 ? undefined : `it ended with ${by ?? `status ${code}`}`));
  });
}

/**
 * Arguments of pip that install exactly what a requirements file pins, from wheels alone: nothing is built here.
 * @param compiled whether pip writes byte code, too
 */
export function writePipInstall(requirements: string, compiled: boolean, extra: readonly string[] = []): string[] {
  const exact = ['--require-hashes', '--only-binary', ':all:', '--no-input', '--progress-bar', 'off', '--retries', '2'];
  const byteCode = compiled ? [] : ['--no-compile'];
  return ['-m', 'pip', ...extra, 'install', '--quiet', ...exact, '--requirement', requirements, ...byteCode];
}

const OFFLINE =
  /name resolution|Name or service not known|nodename nor servname|Network is unreachable|Connection refused|NewConnectionError|ConnectTimeout|Max retries exceeded/i;

function explain(ending: string, said: string, python: string, doing: string): string {
  const failed = `Failed while ${doing}`;
  if (/ensurepip is not|No module named '?(ensurepip|venv)/i.test(said)) {
    return `${failed}: this Python has no venv module. On Debian or Ubuntu: sudo apt install python3-venv`;
  }
  if (/No space left on device/i.test(said)) return `${failed}: the disk is full. Free some space and run it again.`;
  if (OFFLINE.test(said)) {
    return `${failed}: the Python package index cannot be reached. Check the network (or a proxy: HTTPS_PROXY) and run it again; this is needed once.`;
  }
  if (/DO NOT MATCH THE HASHES/i.test(said)) {
    return `${failed}: a downloaded package is not the pinned one.\n${takeLastLines(said)}`;
  }
  if (/No matching distribution|from versions: none/i.test(said)) {
    return `${failed}: a pinned package is not available for this machine and ${python}.\n${takeLastLines(said)}`;
  }
  return `${failed}: ${ending}\n${takeLastLines(said)}`.trimEnd();
}

function takeLastLines(text: string): string {
  return text.trim().split('\n').slice(-8).join('\n');
}
