/** What the kernel tells about processes: proc(5) on Linux, ps(1) elsewhere. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { readText } from './read';

/** One process of this machine. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  /** Process group. */
  readonly group: number;
  readonly session: number;
  /** When it started, in the system's own words: with the pid and the boot it names one process for ever. */
  readonly started: string;
  /** True when it is dead and only waits for its parent to notice. */
  readonly zombie: boolean;
}

const LINUX = process.platform === 'linux';

/** One process; undefined when it is gone. */
export function readProcess(pid: number): ProcessEntry | undefined {
  if (!LINUX) return listWithPs(['-p', String(pid)])[0];
  return parseStat(readText(`/proc/${pid}/stat`));
}

/** The real user of a process; only Linux tells. The owner of its folder in /proc is root's when it is not dumpable. */
export function userOf(pid: number): number | undefined {
  const user = /^Uid:\s*(\d+)/m.exec(readText(`/proc/${pid}/status`))?.[1];
  return user === undefined ? undefined : Number(user);
}

/** All processes that can be seen. */
export function listProcesses(): ProcessEntry[] {
  if (!LINUX) return listWithPs(['-A']);
  return readdirSync('/proc')
    .filter((name) => name.charCodeAt(0) >= 48 && name.charCodeAt(0) <= 57)
    .map((name) => readProcess(Number(name)))
    .filter((entry) => entry !== undefined);
}

/** Names the boot, so that a record of an earlier one is recognised; empty where the system does not tell. */
export function readBootId(): string {
  return readText('/proc/sys/kernel/random/boot_id').trim();
}

/** proc_pid_stat(5): the name stands in parentheses and may hold anything, so the fields count from the last of them. */
function parseStat(text: string): ProcessEntry | undefined {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, parent, group, session] = fields;
  const started = fields[19];
  if (state === undefined || started === undefined) return undefined;
  return {
    pid: Number.parseInt(text, 10),
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
    started,
    zombie: state === 'Z' || state === 'X',
  };
}

function listWithPs(selection: readonly string[]): ProcessEntry[] {
  const columns = ['-o', 'pid=,ppid=,pgid=,sess=,stat=,lstart='];
  let output: string;
  try {
    output = execFileSync('/bin/ps', [...selection, ...columns], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return []; // ps(1) fails when it finds no process.
  }
  const entries: ProcessEntry[] = [];
  for (const line of output.split('\n')) {
    const [pid, parent, group, session, state, ...started] = line.trim().split(/\s+/);
    if (!pid || state === undefined) continue;
    entries.push({
      pid: Number(pid),
      parent: Number(parent),
      group: Number(group),
      session: Number(session) || Number(group),
      started: started.join(' '),
      zombie: state.startsWith('Z'),
    });
  }
  return entries;
}
