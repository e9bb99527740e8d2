/** What a platform may not leave when it has ended: processes, mounts, temporary files. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isAlive, type ProcessIdentity, startOf } from '../../sandbox/processes/process-identity';
import { readText } from '../../sandbox/processes/read';
import { listProcesses } from '../../sandbox/processes/stat';
import { listDescendants } from '../../sandbox/processes/tree';

/** Remembers processes, and finds what outlives them. */
export class Leftovers {
  private readonly seen = new Map<number, ProcessIdentity>();

  /** Remembers a process and all that descend from it: to be called before it is killed. */
  remember(pid: number): void {
    for (const descendant of listDescendants(pid)) {
      const started = startOf(descendant);
      if (started !== undefined) this.seen.set(descendant, { pid: descendant, started });
    }
  }

  /** Remembered processes that live. */
  findRemembered(): number[] {
    return [...this.seen.values()].filter(isAlive).map(({ pid }) => pid);
  }
}

/** Processes, but this one, whose command line or environment names a folder. */
export function processesIn(folder: string): number[] {
  const names = (pid: number, file: string) => readText(`/proc/${pid}/${file}`).includes(folder);
  return listProcesses()
    .filter(({ pid, zombie }) => !zombie && pid !== process.pid)
    .map(({ pid }) => pid)
    .filter((pid) => names(pid, 'cmdline') || names(pid, 'environ'));
}

/** Mount points in a folder, by proc_pid_mountinfo(5). */
export function mountsIn(folder: string): string[] {
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').trim().split('\n');
  return lines.map((line) => line.split(' ')[4] ?? '').filter((place) => place.startsWith(`${folder}/`));
}

/** Temporary files that a platform which has ended has left: in its data folder, and our own in the folder for such files. */
export function temporaryFilesIn(data: string, temporary: string): string[] {
  const inData = ['storage/tmp', 'storage/uploads', 'invoker/processes'].map((name) => path.join(data, name));
  const own = list(temporary).filter((name) => name.startsWith('pdfmagic-'));
  const left = inData.flatMap((folder) => list(folder).map((name) => path.join(folder, name)));
  return [...own.map((name) => path.join(temporary, name)), ...left];
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // Nothing is there at all.
  }
}
