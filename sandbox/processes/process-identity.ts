/** Telling a process from a later one with the same id, and what it is. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readBootId, readProcess } from './stat';

/** A process: its id, and when it was started, in a form that only comparison makes sense of. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly started: string;
}

/** The identity of this process. */
export function readOwnIdentity(): ProcessIdentity {
  return { pid: process.pid, started: startOf(process.pid) ?? 'unknown' };
}

/** Whether that very process still runs. */
export function isAlive(identity: ProcessIdentity): boolean {
  return startOf(identity.pid) === identity.started;
}

/** A process as `ownIdentity` describes it; undefined for anything else. */
export function parseIdentity(value: unknown): ProcessIdentity | undefined {
  if (typeof value !== 'object' || value === null || !('pid' in value) || !('started' in value)) return undefined;
  const { pid, started } = value;
  return typeof pid === 'number' && pid > 1 && typeof started === 'string' ? { pid, started } : undefined;
}

/**
 * When a process was started, in this boot: with the boot's id where the system tells it. Undefined when there is no such
 * process, or only a zombie of it.
 */
export function startOf(pid: number): string | undefined {
  const entry = readProcess(pid);
  if (entry === undefined || entry.zombie) return undefined;
  return process.platform === 'linux' ? `${readBootId()}:${entry.started}` : entry.started;
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
