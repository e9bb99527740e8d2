/**
 * Users for sandboxes when the platform runs as root: each sandbox gets a user of its own, so that root's exemptions do not
 * hold in it (bound on processes) and one sandbox cannot touch another's processes and files.
 */
import { randomInt } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { FIRST_USER, USERS } from '../processes/records';
import { userOf } from '../processes/stat';
import { findProgram } from '../runtimes/host';

/** Hands out user ids that no process of this machine has: another platform may be doing the same. */
export class Identities {
  private readonly used = new Set<number>();

  take(): number {
    const taken = usersOfProcesses();
    const first = randomInt(USERS);
    for (let tried = 0; tried < USERS; tried++) {
      const id = FIRST_USER + ((first + tried) % USERS);
      if (this.used.has(id) || taken.has(id)) continue;
      this.used.add(id);
      return id;
    }
    throw new Error(`More than ${USERS} sandboxes at a time.`);
  }

  release(id: number): void {
    this.used.delete(id);
  }
}

function usersOfProcesses(): Set<number> {
  const users = new Set<number>();
  for (const name of readdirSync('/proc')) {
    if (/^\d/.test(name)) users.add(userOf(Number(name)) ?? 0);
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
