/** Programs that not every machine can have; a test that wants one is skipped where it is missing, and says so. */
import { spawnSync } from 'node:child_process';

export function onPath(program: string, ...args: string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore', timeout: 60_000 }).status === 0;
}

/** The words for a test's name: why it was skipped, nothing when it is not. */
export function unless(present: boolean, program: string): string {
  return present ? '' : ` (skipped: no ${program} on the PATH)`;
}
