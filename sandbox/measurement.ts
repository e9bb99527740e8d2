/** What a sandbox holds, and when that is too much. */
import { statfsSync } from 'node:fs';
import { MAX_PROCESSES } from './bounds';
import { memoryOf } from './processes/memory';
import type { Sandbox } from './sandbox';

/** Bytes of kernel memory for one file of a folder in memory, empty or not: its inode, its name, and what leads to both. */
const FILE = 1280;

/** Why a sandbox is to be ended, if it is. */
export type Excess =
  | { readonly of: 'memory'; readonly bytes: number }
  | { readonly of: 'processes'; readonly processes: number };

/**
 * Measures the whole tree against `limit` bytes.
 * @param contents whether what files hold counts, too; that there are files always does
 */
export function excessOf(sandbox: Sandbox, limit: number, contents: boolean): Excess | undefined {
  const pids = sandbox.processes();
  if (pids.length > MAX_PROCESSES) return { of: 'processes', processes: pids.length };
  const files = sandbox.temporary.reduce((sum, folder) => sum + measureFiles(folder, contents), 0);
  const bytes = files + memoryOf(pids, limit - files);
  return bytes > limit ? { of: 'memory', bytes } : undefined;
}

function measureFiles(folder: string, contents: boolean): number {
  try {
    const { files, ffree, blocks, bfree, bsize } = statfsSync(folder);
    return (files - ffree) * FILE + (contents ? (blocks - bfree) * bsize : 0);
  } catch {
    return 0; // The sandbox is gone.
  }
}
