/** Processes of a platform, by what they are. */
import { readFileSync } from 'node:fs';
import { descendants } from '../invoker/processes/tree';

/** The emulator's own process; undefined while it is being restarted. */
export function emulatorOf(platform: number): number | undefined {
  return descendants(platform).find((pid) => programOf(pid).endsWith('fake-gcs-server'));
}

/** Interpreters in the sandboxes of actions. */
export function sandboxesOf(platform: number): number[] {
  return descendants(platform).filter((pid) => {
    const [program = '', ...args] = commandOf(pid);
    return /(python[\d.]*|node)$/.test(program) && args.some((arg) => /\/launcher\.(py|js)$/.test(arg));
  });
}

function programOf(pid: number): string {
  return commandOf(pid)[0] ?? '';
}

function commandOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return []; // gone meanwhile
  }
}
