/**
 * Users for sandboxes when the platform runs as root: each sandbox gets a user of its own, so that root's exemptions do not
 * hold in it (bound on processes) and one sandbox cannot touch another's processes and files.
 */
import { randomInt } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { findProgram } from '../runtimes/host';

/** Below 65536, so that the ids exist in containers with their own id range too; unassigned in Debian's scheme. */
const FIRST = 62_000;
const COUNT = 2_000;

/** Hands out user ids that no process of this machine has: another platform may be doing the same. */
export class Identities {
  private readonly used = new Set<number>();

  take(): number {
    const taken = usersOfProcesses();
    const first = randomInt(COUNT);
    for (let tried = 0; tried < COUNT; tried++) {
      const id = FIRST + ((first + tried) % COUNT);
      if (this.used.has(id) || taken.has(id)) continue;
      this.used.add(id);
      return id;
    }
    throw new Error(`More than ${COUNT} sandboxes at a time.`);
  }

  release(id: number): void {
    this.used.delete(id);
  }
}

function usersOfProcesses(): Set<number> {
  const users = new Set<number>();
  for (const name of readdirSync('/proc')) {
    if (/^\d/.test(name)) users.add(statSync(`/proc/${name}`, { throwIfNoEntry: false })?.uid ?? 0);
  }
  return users;
}

/** Program that changes user and drops privileges (util-linux); undefined where there is none, as on macOS. */
export const SETPRIV = process.platform === 'linux' ? findProgram('setpriv') : undefined;

/** Arguments of `setpriv` for becoming `id` without any privilege. */
export function becoming(id: number): string[] {
  return [
    `--reuid=${id}`,
    `--regid=${id}`,
    '--clear-groups',
    '--bounding-set=-all',
    '--inh-caps=-all',
    '--no-new-privs',
  ];
}

/** True when this program may become another user. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}
