/**
 * Users for sandboxes when the platform runs as root: each sandbox gets a user of its own, so that root's exemptions do not
 * hold in it (bound on processes) and one sandbox cannot touch another's processes and files.
 */
import { findProgram } from './host';

/** Program that changes user and drops privileges (util-linux); undefined where there is none, as on macOS. */
export const SETPRIV = process.platform === 'linux' ? findProgram('setpriv') : undefined;

/** Arguments of `setpriv` for becoming `id` without any privilege. */
export function switchUser(id: number): string[] {
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

/** True when each sandbox gets a user of its own here. */
export function hasOwnUsers(): boolean {
  return isRoot() && SETPRIV !== undefined;
}
