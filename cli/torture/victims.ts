/** Processes of a platform, by what they are. */

import { commandOf } from '../../sandbox/processes/process-identity';
import { listDescendants } from '../../sandbox/processes/tree';

/** The emulator's own process; undefined while it is being restarted. */
export function emulatorOf(platform: number): number | undefined {
  return listDescendants(platform).find((pid) => commandOf(pid)[0]?.endsWith('fake-gcs-server'));
}

/** Interpreters in the sandboxes of actions. */
export function sandboxesOf(platform: number): number[] {
  return listDescendants(platform).filter((pid) => {
    const [program = '', ...args] = commandOf(pid);
    return /(python[\d.]*|node)$/.test(program) && args.some((arg) => /\/launcher\.(py|js)$/.test(arg));
  });
}

/** The process that applies a stack, among those that a command has started; undefined while there is none. */
export function runnerOf(command: number): number | undefined {
  return listDescendants(command).find((pid) => commandOf(pid).some((arg) => /\/worker[^/]*\.[cm]?[jt]s$/.test(arg)));
}
