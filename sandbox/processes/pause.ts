/** Stopping processes without their doing, and letting them go on: what a container's freezer does, for any user. */
import { sendSignal } from './kill';

/** Stops what `find` finds until nothing new turns up, since what still ran may have forked. @returns what was stopped */
export function stopAll(find: () => readonly number[]): number[] {
  const stopped = new Set<number>();
  for (let before = -1; before !== stopped.size; ) {
    before = stopped.size;
    for (const pid of find()) if (!stopped.has(pid) && sendSignal(pid, 'SIGSTOP')) stopped.add(pid);
  }
  return [...stopped];
}

/** Lets them go on. A stopped process keeps its number, so none is anybody else's unless it was killed meanwhile. */
export function continueAll(pids: readonly number[]): void {
  for (const pid of pids) sendSignal(pid, 'SIGCONT');
}
