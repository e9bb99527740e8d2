/** Whether the kernel killed something in a container because its memory was at the limit. */
import { setTimeout as sleep } from 'node:timers/promises';
import { docker } from './command';

const PAUSE = 50;

/**
 * Asks the engine for the kernel's notice, which comes a moment after the kill. It comes also when not the action proxy but
 * only the interpreter was killed.
 * @param since when the container was started, in milliseconds since the epoch
 * @param patience for how many milliseconds the notice is waited for
 */
export async function hasRunOutOfMemory(container: string, since: number, patience: number): Promise<boolean> {
  const deadline = performance.now() + patience;
  const filters = ['type=container', 'event=oom', `container=${container}`].flatMap((filter) => ['--filter', filter]);
  for (;;) {
    const times = ['--since', formatSeconds(since), '--until', formatSeconds(Date.now())];
    const notices = await docker(['events', ...times, ...filters, '--format', '{{.Action}}']).catch(() => '');
    if (notices !== '') return true;
    if (performance.now() >= deadline) return false;
    await sleep(PAUSE);
  }
}

/** Unix time, as `docker events` takes it. */
function formatSeconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}
