/**
 * One run at a time on one state.
 *
 * The lock is a file `NAME.lock.N` that says which process holds it; the one with the highest N counts. Who finds its
 * holder dead, or the lock released, makes number N + 1, which only one process can do. A release keeps the file, marked
 * as free, and only the holder of a later number removes earlier ones: so numbers never start again, and nobody can take
 * away a lock that was taken in the meantime.
 */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode } from '../../ground/errors';
import { isAlive, type ProcessIdentity, readOwnIdentity, startOf } from '../../sandbox/processes/process-identity';
import { createFile, replaceFile } from './files';

/** A lock that is held. */
export interface Lock {
  /** Id of the dead process whose lock was taken over, if any. */
  readonly takenOverFrom: number | undefined;
  release(): void;
}

/** What the lock file says: who holds it, and who started that. */
interface Holder extends ProcessIdentity {
  readonly parent?: ProcessIdentity;
}

/** Somebody else holds the lock. */
export class LockedError extends Error {
  override readonly name = 'LockedError';

  constructor(
    message: string,
    /** Who started the holder is dead: the holder is about to end, too. */
    readonly isOrphan: boolean,
  ) {
    super(message);
  }
}

/** How long a run goes on whose parent has died, in milliseconds: enough for most steps to end well. */
export const ORPHAN_GRACE = 5_000;
/** How long another run waits for it. */
const PATIENCE = ORPHAN_GRACE + 3_000;

/**
 * Takes the lock as `takeLock` does, but waits some seconds for a holder that is about to end because its parent died.
 * @throws LockedError at once when the holder's parent is alive
 */
export async function waitForLock(folder: string, name: string, patience = PATIENCE): Promise<Lock> {
  const deadline = performance.now() + patience;
  for (;;) {
    try {
      return takeLock(folder, name);
    } catch (error) {
      if (!(error instanceof LockedError) || !error.isOrphan || performance.now() > deadline) throw error;
      await sleep(50);
    }
  }
}

/** Takes the lock of this name in a folder. @throws LockedError when a process that runs holds it. */
export function takeLock(folder: string, name: string): Lock {
  const file = (number: number) => path.join(folder, `${name}.lock.${number}`);
  for (;;) {
    const last = listNumbers(folder, name).at(-1) ?? 0;
    const holder = last === 0 ? undefined : readHolder(file(last));
    if (holder !== undefined && isAlive(holder)) throw lockedError(holder);
    const own = last + 1;
    if (!createFile(file(own), JSON.stringify(ownHolder()))) continue;
    const present = listNumbers(folder, name);
    if (present.at(-1) !== own) {
      rmSync(file(own), { force: true });
      continue;
    }
    for (const number of present) if (number < own) rmSync(file(number), { force: true });
    return { takenOverFrom: holder?.pid, release: () => replaceFile(file(own), 'null') };
  }
}

function ownHolder(): Holder {
  const started = startOf(process.ppid);
  return { ...readOwnIdentity(), ...(started === undefined ? {} : { parent: { pid: process.ppid, started } }) };
}

function lockedError({ pid, parent }: Holder): LockedError {
  return new LockedError(
    `another run is working on this stack (process ${pid}). Wait for it to finish, or stop it: \`kill ${pid}\`.`,
    parent !== undefined && !isAlive(parent),
  );
}

function listNumbers(folder: string, name: string): number[] {
  return readdirSync(folder)
    .filter((entry) => entry.startsWith(`${name}.lock.`))
    .map((entry) => Number(entry.slice(`${name}.lock.`.length)))
    .filter(Number.isInteger)
    .sort((a, b) => a - b);
}

/** Who holds the lock: undefined when it is free, or was replaced while it was read. */
function readHolder(file: string): Holder | undefined {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as Holder | null) ?? undefined;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
