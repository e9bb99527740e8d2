/** The processes that descend from one. */
import { readdirSync, readFileSync } from 'node:fs';
import { listProcesses } from './stat';

/** proc_pid_task_children(5) needs a kernel option that nearly all have. */
const HAS_CHILDREN = readText(`/proc/self/task/${process.pid}/children`) !== undefined;

/** The process and all that descend from it, parents first; empty when it is gone. */
export function descendants(pid: number): number[] {
  if (!HAS_CHILDREN) return fromList(pid);
  const found: number[] = [];
  const open = [pid];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const tasks = tasksOf(next);
    if (tasks.length === 0) continue;
    found.push(next);
    for (const task of tasks) {
      const children = readText(`/proc/${next}/task/${task}/children`);
      if (children) for (const child of children.trim().split(' ')) open.push(Number(child));
    }
  }
  return found;
}

function fromList(pid: number): number[] {
  const entries = listProcesses();
  const found = entries.some((entry) => entry.pid === pid) ? [pid] : [];
  for (let at = 0; at < found.length; at++) {
    for (const entry of entries) if (entry.parent === found[at]) found.push(entry.pid);
  }
  return found;
}

function tasksOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
