/** How much memory processes hold together. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Bytes of memory that processes hold and do not share with files: what a container would be charged for. Pages shared
 * after a fork count more than once in this quick sum; only when it exceeds `limit` are they divided by their owners
 * (smaps_rollup, which costs milliseconds). A process that is gone holds nothing.
 */
export function memoryOf(pids: readonly number[], limit: number): number {
  if (process.platform !== 'linux') return residentByPs(pids);
  let quick = 0;
  for (const pid of pids) quick += kibibytes(`/proc/${pid}/status`, ['RssAnon:', 'RssShmem:', 'VmSwap:']);
  if (quick <= limit) return quick;
  let exact = 0;
  for (const pid of pids) exact += kibibytes(`/proc/${pid}/smaps_rollup`, ['Pss_Anon:', 'Pss_Shmem:', 'SwapPss:']);
  // Another user's smaps_rollup may be closed to us; then the quick sum has to do.
  return exact > 0 ? exact : quick;
}

function kibibytes(file: string, names: readonly string[]): number {
  let text: string;
  try {
    text = readFileSync(file, 'latin1');
  } catch {
    return 0;
  }
  let sum = 0;
  for (const name of names) {
    const at = text.indexOf(name);
    if (at >= 0) sum += Number.parseInt(text.slice(at + name.length), 10) * 1024;
  }
  return sum;
}

function residentByPs(pids: readonly number[]): number {
  if (pids.length === 0) return 0;
  try {
    const output = execFileSync('/bin/ps', ['-o', 'rss=', '-p', pids.join(',')], { encoding: 'utf8' });
    return output.split('\n').reduce((sum, line) => sum + (Number.parseInt(line, 10) || 0) * 1024, 0);
  } catch {
    return 0;
  }
}
