/**
 * What the pool runs activations in: initialized at most once, then one activation after the other. Named as in OpenWhisk;
 * a sandbox with its interpreter is one (`sandboxes/sandbox-container.ts`), and so is a container of a Docker engine.
 */
import type { ActivationLog } from '../activation/logs';
import type { Answer } from '../activation/response';

/** A container; unusable once what runs in it has ended or was killed. */
export interface Container {
  /** False when nothing can be run in it any more. */
  readonly usable: boolean;
  /** Begins the log of an activation; `limit` in bytes. */
  beginLog(limit: number): ActivationLog;
  /** Waits for the end of the log of the present activation, and ends its collection. */
  endLog(): Promise<void>;
  /** Sends the line of /init, and waits for at most `timeout` milliseconds; then everything is killed. Never rejects. */
  init(line: Buffer, timeout: number): Promise<Answer>;
  /** The same for /run. */
  run(line: Buffer, timeout: number): Promise<Answer>;
  /** Kills everything that holds more than `limit` bytes of memory, where the kernel does not do that by itself. */
  measure(limit: number): void;
  /** Stops every process, as long as nothing is to be run; what it says of time is that it stood still. */
  pause(): void;
  /** Lets them go on. */
  resume(): void;
  /** Kills every process and waits until none is left. */
  destroy(): Promise<void>;
}
