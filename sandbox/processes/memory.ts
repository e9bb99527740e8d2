/** How much memory processes hold together. */
import { execFileSync } from 'node:child_process';
import { readlinkSync, statSync } from 'node:fs';
import { listNames, readText } from './read';
import { socketBuffersOf } from './sockets';

/**
 * Bytes of memory that processes hold and do not share with files: what a container would be charged for. Pages shared
 * after a fork count more than once in this quick sum; only when it exceeds `limit` are they divided by their owners
 * (smaps_rollup, which costs milliseconds). A process that is gone holds nothing.
 */
export function memoryOf(pids: readonly number[], limit: number): number {
  if (process.platform !== 'linux') return measureResidentByPs(pids);
  const { files, sockets } = openFilesOf(pids);
  // Page tables grow with what is mapped, also where nothing is behind it.
  const kernel = sumOf(pids, 'status', ['VmPTE:']) + sockets;
  const held = sumOf(pids, 'status', ['RssAnon:', 'VmSwap:']) + Math.max(files, sumOf(pids, 'status', ['RssShmem:']));
  const quick = kernel + held;
  if (quick <= limit) return quick;
  const anonymous = sumOf(pids, 'smaps_rollup', ['Pss_Anon:', 'SwapPss:']);
  // Another user's smaps_rollup may be closed to us; then the quick sum has to do.
  if (anonymous === 0) return quick;
  return kernel + anonymous + Math.max(files, sumOf(pids, 'smaps_rollup', ['Pss_Shmem:']));
}

/**
 * Bytes in open memfd_create(2) files, which are in no process's memory until they are mapped, and in sockets; each file and
 * each socket once.
 */
function openFilesOf(pids: readonly number[]): { readonly files: number; readonly sockets: number } {
  const found = new Map<number, number>();
  const sockets = new Set<string>();
  for (const pid of pids) {
    for (const name of listNames(`/proc/${pid}/fd`)) {
      const file = `/proc/${pid}/fd/${name}`;
      try {
        const target = readlinkSync(file);
        if (target.startsWith('socket:[')) sockets.add(target.slice('socket:['.length, -1));
        if (!target.startsWith('/memfd:')) continue;
        const { ino, blocks } = statSync(file);
        found.set(ino, blocks * 512);
      } catch {} // Closed meanwhile.
    }
  }
  let files = 0;
  for (const bytes of found.values()) files += bytes;
  return { files, sockets: socketBuffersOf(sockets, pids[0] ?? 0) };
}

function sumOf(pids: readonly number[], file: string, names: readonly string[]): number {
  let sum = 0;
  for (const pid of pids) sum += sumKibibytes(`/proc/${pid}/${file}`, names);
  return sum;
}

function sumKibibytes(file: string, names: readonly string[]): number {
  const text = readText(file);
  let sum = 0;
  for (const name of names) {
    const at = text.indexOf(name);
    if (at >= 0) sum += Number.parseInt(text.slice(at + name.length), 10) * 1024;
  }
  return sum;
}

function measureResidentByPs(pids: readonly number[]): number {
  if (pids.length === 0) return 0;
  try {
    const output = execFileSync('/bin/ps', ['-o', 'rss=', '-p', pids.join(',')], { encoding: 'utf8' });
    return output.split('\n').reduce((sum, line) => sum + (Number.parseInt(line, 10) || 0) * 1024, 0);
  } catch {
    return 0;
  }
}
