/** Killing a set of processes that may still grow while it is killed. */
import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessEntry } from './stat';
import { listDescendants } from './tree';

/** Sends a signal; false when there is no such process or it is not ours. */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/**
 * Kills what `find` finds, and all that descends from it, until nothing is found. Each round first stops them until no new
 * one turns up: the place that a killed process leaves is taken by the next fork, that of a stopped one is not. Zombies are
 * dead and do not count. Gives up on a process that the kernel cannot kill after 10 s.
 */
export async function killUntilGone(find: () => readonly ProcessEntry[]): Promise<void> {
  const end = performance.now() + 10_000;
  while (performance.now() < end) {
    const stopped = new Set<number>();
    for (let before = -1; before !== stopped.size && performance.now() < end; ) {
      before = stopped.size;
      for (const pid of membersOf(find)) {
        if (!stopped.has(pid)) sendSignal(pid, 'SIGSTOP');
        stopped.add(pid);
      }
    }
    if (stopped.size === 0) return;
    for (const pid of stopped) sendSignal(pid, 'SIGKILL');
    await delay(2);
  }
}

function membersOf(find: () => readonly ProcessEntry[]): Set<number> {
  const alive = find().filter((entry) => !entry.zombie && entry.pid !== process.pid);
  return new Set(alive.flatMap(({ pid }) => [pid, ...listDescendants(pid)]));
}
