/** Whether the kernel killed something in a container because its memory was at the limit. */
import { setTimeout as sleep } from 'node:timers/promises';
import { docker } from './command';

const PAUSE = 50;
/** Milliseconds that the engine's notice of a kill may stay behind, on a machine that is busy. */
const PATIENCE = 5_000;
/** The kernel's counts, as a container sees its own: of cgroup v2 (`memory.events`), or of v1 (`memory.oom_control`). */
const COUNTS = 'cat /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control 2>/dev/null || true';

/** In a container that runs: it has the kernel's own count, which is there before the parent of what was killed knows. */
export async function hasKilledForMemory(container: string): Promise<boolean> {
  const counts = await docker(['exec', container, 'sh', '-c', COUNTS]).catch(() => '');
  return /^oom_kill [1-9]/m.test(counts);
}

/**
 * A container that was killed: its counts are gone with it, and the engine's notice of why comes a moment later.
 * @param since when the container was started, in milliseconds since the epoch
 */
export async function wasKilledForMemory(container: string, since: number): Promise<boolean> {
  const deadline = performance.now() + PATIENCE;
  const filters = ['type=container', 'event=oom', `container=${container}`].flatMap((filter) => ['--filter', filter]);
  for (;;) {
    const isLast = performance.now() >= deadline;
    const times = ['--since', formatSeconds(since), '--until', formatSeconds(Date.now())];
    const notices = await docker(['events', ...times, ...filters, '--format', '{{.Action}}']).catch(() => '');
    if (notices !== '') return true;
    if (isLast) return false;
    await sleep(PAUSE);
  }
}

/** Unix time, as `docker events` takes it. */
function formatSeconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}
