/** Processes that a file of tests has started and not ended: they would keep the whole run from its end, and the next file from its ports. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { listNames, readText } from '../sandbox/processes/read';
import { readProcess } from '../sandbox/processes/stat';

/** In the environment of all that this process starts, unless it is taken away on the way (`bwrap --clearenv`). */
const MARK = `PDFMAGIC_TESTS_OF=${process.pid}`;
/** Milliseconds for those that are about to end. */
const PATIENCE = 10_000;
/** Kept by who has loaded it, until that ends: the compiler that vitest, tsx and tests share. */
const KEPT = /\/esbuild --service=/;

/** Marks what this process starts from now on. */
export function markChildren(): void {
  const [name = '', value] = MARK.split('=');
  process.env[name] = value;
}

/** The command lines of what was started since then and is still there, after some seconds; Linux only. */
export async function listLeftOver(): Promise<string[]> {
  const deadline = performance.now() + PATIENCE;
  for (;;) {
    const found = findMarked();
    if (found.length === 0 || performance.now() > deadline) return found;
    await sleep(100);
  }
}

function findMarked(): string[] {
  if (process.platform !== 'linux') return [];
  return listNames('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid && isMarked(name))
    .map((pid) => `${pid} ${readText(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim()}`)
    .filter((line) => !KEPT.test(line));
}

function isMarked(pid: string): boolean {
  try {
    return (
      readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(MARK) &&
      readProcess(Number(pid))?.zombie === false
    );
  } catch {
    return false;
  }
}
