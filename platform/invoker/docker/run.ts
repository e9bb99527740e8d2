/** Starting a container and staying attached to its streams. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { MAX_FILE, MAX_OPEN_FILES, MAX_TASKS } from '../../../sandbox/bounds';
import { DockerError, docker } from './command';
import { removeContainer } from './leftovers';

const PATIENCE = 60_000;
const PAUSE = 20;
/** Characters of a failed start that are worth showing. */
const MESSAGE = 2_000;
const PLACE = '{{if .State.Running}}{{.State.Pid}} {{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}{{end}}';

/** What to start. */
export interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  readonly label: string;
  /** As Docker writes it, e.g. `256m`. */
  readonly memory: string;
  /** Options of `docker run` besides those that all containers have. */
  readonly options?: readonly string[];
  /** Variables of the container; command lines, which others see, have only their names. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Takes the streams before anything comes from them; what an action writes before its first activation is nobody's. */
  readonly listen?: (stream: Readable) => void;
}

/** A container that runs. */
export interface RunningContainer {
  readonly name: string;
  /** Its address on the engine's bridge. */
  readonly address: string;
  /** Process id of its first process, on this machine. */
  readonly pid: number;
  /** When it was started, in milliseconds since the epoch. */
  readonly started: number;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves when it has ended and its streams have been read to their end: with its exit code, null where none is known. */
  readonly ended: Promise<number | null>;
}

/**
 * Starts a container; `docker run` stays as long as it does, and passes on its streams. The engine keeps no log of them.
 * @throws DockerError when it does not come up
 */
export async function runContainer(spec: ContainerSpec): Promise<RunningContainer> {
  const started = Date.now();
  // A session of its own: Ctrl-C on the terminal is for the platform, which lets actions come to their end.
  const child = spawn('docker', ['run', ...listOptions(spec), spec.image], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, ...spec.environment },
  });
  let isOver = false;
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', resolve);
    child.once('error', () => resolve(null));
  });
  void ended.then(() => {
    isOver = true;
  });
  const complaint = complaintOf(child);
  for (const stream of [child.stdout, child.stderr]) spec.listen?.(stream);
  const deadline = performance.now() + PATIENCE;
  while (!isOver && performance.now() < deadline) {
    const place = await docker(['container', 'inspect', '--format', PLACE, spec.name]).catch(() => '');
    const [pid, address = ''] = place.split(' ');
    if (address !== '') {
      return { name: spec.name, address, pid: Number(pid), started, stdout: child.stdout, stderr: child.stderr, ended };
    }
    await sleep(PAUSE);
  }
  await removeContainer(spec.name);
  child.kill();
  throw new DockerError(`A container of ${spec.image} did not start: ${complaint().trim() || 'it said nothing'}`);
}

/** As OpenWhisk's invoker starts them (`DockerContainer.create`, `container-factory.container-args`), and bounded like sandboxes. */
function listOptions({ name, label, memory, options = [], environment = {} }: ContainerSpec): string[] {
  return [
    ...['--name', name, '--label', label, '--network', 'bridge', '--log-driver', 'none', '--sig-proxy=false'],
    ...['--memory', memory, '--memory-swap', memory, '--pids-limit', `${MAX_TASKS}`],
    ...[
      '--ulimit',
      `nofile=${MAX_OPEN_FILES}:${MAX_OPEN_FILES}`,
      '--ulimit',
      `fsize=${MAX_FILE}`,
      '--ulimit',
      'core=0',
    ],
    ...['--cap-drop', 'NET_RAW', '--cap-drop', 'NET_ADMIN', '--security-opt', 'no-new-privileges'],
    // The kernel takes an action before anything else when memory runs out.
    ...['--oom-score-adj', '900', '--pull', 'never'],
    ...Object.keys(environment).flatMap((variable) => ['--env', variable]),
    ...options,
  ];
}

/** Gathers what is said at first, for when it does not come up. */
function complaintOf({ stderr }: ChildProcess): () => string {
  let text = '';
  stderr?.on('data', (chunk: Buffer) => {
    if (text.length < MESSAGE) text += chunk.toString();
  });
  return () => text.slice(0, MESSAGE);
}
