/** What a fault is: how it is made, what has to come of it, and the proof. */
import type { OpenWhiskApi } from '../../client/openwhisk';
import type { Service } from '../../client/service';
import type { Patient } from '../patient';

/** What a fault finds. */
export interface Scene {
  /** The stack under load, beside whose healthy work it is made. */
  readonly service: Service;
  readonly openwhisk: OpenWhiskApi;
  /** Process of that platform, and its data folder. */
  readonly pid: () => number;
  readonly data: string;
  /** A small photograph. */
  readonly jpeg: Buffer;
  /** A platform that may be harmed as a whole. @throws Error when the fault does not say that it needs one */
  readonly patient: () => Patient;
  /** A folder of the fault's own. */
  readonly folder: string;
}

/** One fault. */
export interface Fault {
  /** Lower-case words with dashes. */
  readonly name: string;
  /** How it is made, for the table: a phrase. */
  readonly made: string;
  /** What has to come of it: a phrase. */
  readonly expected: string;
  /** Whether it needs a platform that may be harmed as a whole. */
  readonly onPatient?: boolean;
  /** Why it cannot be made on this machine; undefined if it can. */
  readonly cannot?: () => string | undefined;
  /** Makes it, looks, and undoes it. @returns what was seen, as a phrase. @throws Error when it is not as expected */
  readonly run: (scene: Scene) => Promise<string>;
}

/** @throws Error with these words unless it holds */
export function demand(holds: boolean, words: string): void {
  if (!holds) throw new Error(words);
}

/** Milliseconds that anything may take: what has not come by then never comes, however busy the machine is. */
const PATIENCE = 240_000;

/** Asks again until there is an answer. @throws Error when there never is */
export async function waitFor<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + PATIENCE;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`${what}: not within ${PATIENCE / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
