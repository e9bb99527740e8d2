/**
 * Which process owns a data directory. The note is kept in the database itself: its write transactions exclude each
 * other across processes and end with a process that dies, so taking over from a dead owner cannot race.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process, told apart from a later one with the same id by the time it began. */
export interface Owner {
  readonly pid: number;
  readonly began: string;
}

/** When a process began, as the system tells it; undefined when there is no such process. */
function beganAt(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      // Field 22, counted after the command name, which may hold blanks and brackets. See proc(5).
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (fields[0] === 'Z') return undefined;
      const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
      return `${boot}/${fields[19]}`;
    }
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** This process. */
export function thisProcess(): Owner {
  return { pid: process.pid, began: beganAt(process.pid) ?? 'unknown' };
}

/** True while the process of a note runs. */
export function isAlive(owner: Owner): boolean {
  return beganAt(owner.pid) === owner.began;
}

/** Reads a note; undefined when it is none. */
export function parseOwner(text: string | undefined): Owner | undefined {
  const match = /^(\d+) (.+)$/.exec(text ?? '');
  return match?.[1] && match[2] ? { pid: Number(match[1]), began: match[2] } : undefined;
}

/** The note of an owner. */
export function formatOwner(owner: Owner): string {
  return `${owner.pid} ${owner.began}`;
}
