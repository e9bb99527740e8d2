/**
 * The note of which process owns a data directory. It is kept in the database itself: its write transactions exclude each
 * other across processes and end with a process that dies, so taking over from a dead owner cannot race.
 */
import type { ProcessIdentity } from '../../../sandbox/processes/process-identity';

/** Reads a note; undefined when it is none. */
export function parseOwner(text: string | undefined): ProcessIdentity | undefined {
  const match = /^(\d+) (.+)$/.exec(text ?? '');
  return match?.[1] && match[2] ? { pid: Number(match[1]), started: match[2] } : undefined;
}

/** The note of an owner. */
export function formatOwner({ pid, started }: ProcessIdentity): string {
  return `${pid} ${started}`;
}
