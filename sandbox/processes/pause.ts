/** Stopping processes without their doing, and letting them go on: what a container's freezer does, for any user. */

const { kill } = process;

/** Stops what `find` finds until nothing new turns up, since what still ran may have forked. @returns what was stopped */
export function stopAll(find: () => readonly number[]): number[] {
  const stopped = new Set<number>();
  for (let before = -1; before !== stopped.size; ) {
    before = stopped.size;
    for (const pid of find()) if (!stopped.has(pid) && signal(pid, 'SIGSTOP')) stopped.add(pid);
  }
  return [...stopped];
}

/** Lets them go on. A stopped process keeps its number, so none is anybody else's unless it was killed meanwhile. */
export function continueAll(pids: readonly number[]): void {
  for (const pid of pids) signal(pid, 'SIGCONT');
}

function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return kill(pid, name);
  } catch {
    return false; // It is gone.
  }
}
