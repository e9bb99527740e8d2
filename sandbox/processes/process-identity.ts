/** Telling a process from a later one with the same id, and what it is. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process: its id, and when it was started, in a form that only comparison makes sense of. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly started: string;
}

/** The identity of this process. */
export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, started: startOf(process.pid) ?? 'unknown' };
}

/** Whether that very process still runs. */
export function isAlive(identity: ProcessIdentity): boolean {
  return startOf(identity.pid) === identity.started;
}

/**
 * When a process was started: boot id and clock ticks since boot where there is /proc (proc_pid_stat(5), field 22), else
 * what `ps` says. Undefined when there is no such process, or only a zombie of it.
 */
export function startOf(pid: number): string | undefined {
  return process.platform === 'linux' ? startInProc(pid) : startByPs(pid);
}

function startInProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command, in parentheses, may hold anything; fields are counted from behind it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${fields[19]}`;
  } catch {
    return undefined;
  }
}

function startByPs(pid: number): string | undefined {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
    const [stat, ...started] = line.split(/\s+/);
    return line === '' || stat?.startsWith('Z') ? undefined : started.join(' ');
  } catch {
    return undefined;
  }
}

/** A process's program and arguments; none when it is gone. Where only `ps` tells, arguments with blanks in them fall apart. */
export function commandOf(pid: number): string[] {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return execFileSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' })
      .trim()
      .split(' ');
  } catch {
    return [];
  }
}
