/** What the invoker can be told, and what it takes for granted. */
import { availableParallelism } from 'node:os';
import type { SandboxChoice } from '../../sandbox/choose';
import type { DockerRuntime } from './docker';
import { PACKAGES_DIR } from './runtimes/packages';

export interface InvokerOptions {
  /** Folder for unpacked code and for records of processes; made when missing. One invoker at a time uses it. */
  readonly dataDir: string;
  /** URL of the platform, e.g. `http://127.0.0.1:3233`: `__OW_API_HOST` of the actions. */
  readonly apiHost: string;
  /** Invocations at a time; further ones wait in order. Default: two per core, at least 4, since actions wait for storage. */
  readonly capacity?: number;
  /** Kind of sandbox. Default: environment variable PDFMAGIC_SANDBOX, else `auto` (bubblewrap where it works). */
  readonly sandbox?: SandboxChoice;
  /** Where Python actions run as containers. Default: they run in sandboxes. */
  readonly docker?: DockerRuntime;
  /** Interpreters that wait for source text, per runtime, and for each zip of late. Default 1. */
  readonly spares?: number;
  /** Initialized sandboxes that may stay idle. Default: those of four actions that run as many at a time as there can be. */
  readonly maxIdle?: number;
  /** Milliseconds after which an idle sandbox ends. Default: ten minutes, as in OpenWhisk. */
  readonly idleTime?: number;
  /** Milliseconds after which an idle sandbox is stopped until it is asked for (OpenWhisk's pause-grace). Default 1 s. */
  readonly pauseGrace?: number;
  /** Folder in which packages of the runtimes are installed, if any are. Default: that of `npm run runtime-packages`. */
  readonly packages?: string;
  /** Takes a line about the invoker itself (never about an action's output). Default: nothing is written. */
  readonly log?: (message: string) => void;
}

/** Options with nothing left open. */
export type InvokerSettings = Required<Omit<InvokerOptions, 'docker'>> & Pick<InvokerOptions, 'docker'>;

/** Fewer than the actions that are called in turns, and none of them would ever be warm: those that waited longest end first. */
const WARM_ACTIONS = 4;

const CHOICES: readonly SandboxChoice[] = ['auto', 'bubblewrap', 'process'];

/**
 * Fills in the defaults.
 * @throws Error that names the option (or the variable), what was found and what is allowed
 */
export function completeOptions(options: InvokerOptions): InvokerSettings {
  const capacity = options.capacity ?? Math.max(4, 2 * availableParallelism());
  const complete = {
    dataDir: options.dataDir,
    apiHost: options.apiHost,
    capacity,
    sandbox: options.sandbox ?? readSandboxChoice(),
    spares: options.spares ?? 1,
    maxIdle: options.maxIdle ?? WARM_ACTIONS * capacity,
    idleTime: options.idleTime ?? 600_000,
    pauseGrace: options.pauseGrace ?? 1_000,
    packages: options.packages ?? PACKAGES_DIR,
    log: options.log ?? (() => {}),
    ...(options.docker === undefined ? {} : { docker: options.docker }),
  };
  requireWhole('capacity', capacity, 1);
  requireWhole('spares', complete.spares, 0);
  requireWhole('maxIdle', complete.maxIdle, 0);
  requireWhole('idleTime', complete.idleTime, 0);
  requireWhole('pauseGrace', complete.pauseGrace, 0);
  return complete;
}

function requireWhole(name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) {
    throw new Error(`Option ${name} of the invoker is ${value}; it must be a whole number of at least ${least}.`);
  }
}

/**
 * The kind of sandbox that PDFMAGIC_SANDBOX asks for; `auto` when it does not.
 * @throws Error that names the variable and what it may be
 */
export function readSandboxChoice(): SandboxChoice {
  const value = process.env.PDFMAGIC_SANDBOX;
  if (!value) return 'auto';
  const choice = CHOICES.find((name) => name === value);
  if (choice) return choice;
  throw new Error(`PDFMAGIC_SANDBOX is '${value}'; it must be one of ${CHOICES.join(', ')}, or be unset.`);
}
