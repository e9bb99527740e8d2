/** What processes cost: memory of a whole tree, and processor time of a command. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { commandOf } from '../../sandbox/processes/process-identity';
import { listDescendants } from '../../sandbox/processes/tree';

/** Memory of one process, in 10^6 bytes. */
export interface ProcessMemory {
  readonly pid: number;
  /** The program, or where an interpreter runs a script, the script. */
  readonly name: string;
  /** All that is in memory, shared or not. */
  readonly resident: number;
  /** What only this process has. */
  readonly own: number;
}

/** The memory of a process and all that descend from it (proc_pid_smaps(5)). Linux alone. */
export function readMemory(pid: number): ProcessMemory[] {
  return listDescendants(pid).flatMap((each) => {
    try {
      const rollup = readFileSync(`/proc/${each}/smaps_rollup`, 'utf8');
      const megabytes = (field: string): number =>
        (Number(new RegExp(`^${field}: +(\\d+) kB`, 'm').exec(rollup)?.[1]) * 1024) / 1e6;
      const own = megabytes('Private_Clean') + megabytes('Private_Dirty');
      return [{ pid: each, name: nameOf(each), resident: megabytes('Rss'), own }];
    } catch {
      // It has just ended, or is a zombie.
      return [];
    }
  });
}

function nameOf(pid: number): string {
  const [program = '', ...args] = commandOf(pid);
  const script = args.find((arg) => /\.(py|m?js|cjs)$/.test(arg));
  const name = path.basename(program);
  return script !== undefined && /^(node|python)/.test(name) ? `${name} ${path.basename(script)}` : name;
}

/** What a command took, in seconds: of the processor, its children's included, and by the clock. */
export interface Cost {
  readonly cpu: number;
  readonly wall: number;
}

/** getrusage(2) of children, which Node.js cannot ask for. */
const MEASURE = `
import json, resource, subprocess, sys, time
start = time.perf_counter()
done = subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
wall = time.perf_counter() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
words = done.stderr.decode(errors="replace")[-400:]
print(json.dumps({"code": done.returncode, "wall": wall, "cpu": used.ru_utime + used.ru_stime, "words": words}))
`;

const cost = z.object({ code: z.number(), wall: z.number(), cpu: z.number(), words: z.string() });

/** Runs a command to its end; the signal ends it, with all that it has started. @throws Error with its words when it fails */
export async function measureCommand(command: readonly string[], signal?: AbortSignal): Promise<Cost> {
  signal?.throwIfAborted();
  // A process group of its own, which can be ended as a whole.
  const child = spawn('python3', ['-c', MEASURE, ...command], { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  const end = (): void => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
  };
  signal?.addEventListener('abort', end, { once: true });
  try {
    const closed = once(child, 'close');
    const [said] = await Promise.all([text(child.stdout), closed]);
    signal?.throwIfAborted();
    const { code, words, ...found } = cost.parse(JSON.parse(said));
    if (code !== 0)
      throw new Error(`${command.map((part) => path.basename(part)).join(' ')} ended with ${code}: ${words}`);
    return found;
  } finally {
    signal?.removeEventListener('abort', end);
  }
}
