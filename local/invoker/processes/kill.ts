/** Killing a set of processes that may still grow while it is killed. */
import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessEntry } from './stat';
import { descendants } from './tree';

/** Sends SIGKILL; false when there is no such process or it is not ours. */
export function killProcess(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}

/**
 * Kills what `find` finds, and all that descends from it, again and again until nothing is found: a process may fork while
 * the list is walked. Zombies are dead and do not count. Gives up on a process that the kernel cannot kill after 10 s.
 */
export async function killUntilGone(find: () => readonly ProcessEntry[]): Promise<void> {
  const end = Date.now() + 10_000;
  while (Date.now() < end) {
    const alive = find().filter((entry) => !entry.zombie && entry.pid !== process.pid);
    if (alive.length === 0) return;
    for (const { pid } of alive) {
      for (const member of descendants(pid)) killProcess(member);
      killProcess(pid);
    }
    await delay(2);
  }
}
