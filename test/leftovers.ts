/** Processes that a file of tests has started and not ended: they would keep the whole run from its end, and the next file from its ports. */
import { setTimeout as sleep } from 'node:timers/promises';
import { processesIn } from '../cli/torture/leftovers';
import { commandOf } from '../sandbox/processes/process-identity';

/** A variable in the environment of all that this process starts, unless it is taken away on the way (`bwrap --clearenv`). */
const MARK = 'PDFMAGIC_TESTS_OF';
/** Milliseconds for those that are about to end. */
const PATIENCE = 10_000;
/** Kept by who has loaded it, until that ends: the compiler that vitest, tsx and tests share. */
const KEPT = /\/esbuild --service=/;

/** Marks what this process starts from now on. */
export function markChildren(): void {
  process.env[MARK] = `${process.pid}`;
}

/** The command lines of what was started since then and is still there, after some seconds; only Linux tells. */
export async function listLeftovers(): Promise<string[]> {
  const deadline = performance.now() + PATIENCE;
  for (;;) {
    const found = findMarked();
    if (found.length === 0 || performance.now() > deadline) return found;
    await sleep(100);
  }
}

function findMarked(): string[] {
  // Each variable ends with a zero: no longer number begins with this one.
  return processesIn(`${MARK}=${process.pid}\0`)
    .map((pid) => `${pid} ${commandOf(pid).join(' ').trim()}`)
    .filter((line) => !KEPT.test(line));
}
