/** The processes that descend from one. */
import { existsSync } from 'node:fs';
import { listNames, readText } from './read';
import { listProcesses } from './stat';

/** proc_pid_task_children(5) needs a kernel option that nearly all have. */
const HAS_CHILDREN = existsSync(`/proc/self/task/${process.pid}/children`);

/** The process and all that descend from it, parents first; empty when it is gone. */
export function listDescendants(pid: number): number[] {
  if (!HAS_CHILDREN) return findInList(pid);
  const found: number[] = [];
  const open = [pid];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const children = readChildren(next);
    if (children === undefined) continue;
    found.push(next);
    open.push(...children);
  }
  return found;
}

/** The processes whose parent it is, the oldest first. */
export function childrenOf(pid: number): number[] {
  if (HAS_CHILDREN) return readChildren(pid) ?? [];
  return listProcesses()
    .filter(({ parent }) => parent === pid)
    .map((entry) => entry.pid);
}

/** Its children as proc(5) lists them; undefined when it is gone. */
function readChildren(pid: number): number[] | undefined {
  const tasks = listNames(`/proc/${pid}/task`);
  if (tasks.length === 0) return undefined;
  const lists = tasks.map((task) => readText(`/proc/${pid}/task/${task}/children`).trim());
  return lists.flatMap((list) => (list ? list.split(' ').map(Number) : []));
}

function findInList(pid: number): number[] {
  const entries = listProcesses();
  const found = entries.some((entry) => entry.pid === pid) ? [pid] : [];
  for (let at = 0; at < found.length; at++) {
    for (const entry of entries) if (entry.parent === found[at]) found.push(entry.pid);
  }
  return found;
}
