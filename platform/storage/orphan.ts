/**
 * A server that outlived its platform: written down when it starts, ended at the next start. The record lies where neither the
 * server nor anybody who asks it can write, and is believed of nothing but a process that has this data folder as an argument.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  commandOf,
  isAlive,
  type ProcessIdentity,
  parseIdentity,
  startOf,
} from '../../sandbox/processes/process-identity';

const RECORD = 'fake-gcs-server.json';

/** Writes down which process is the server. */
export function recordServer(runDir: string, pid: number): void {
  const identity: ProcessIdentity = { pid, started: startOf(pid) ?? 'unknown' };
  writeFileSync(path.join(runDir, RECORD), JSON.stringify(identity), { mode: 0o600 });
}

/** Forgets it: it was ended as it should be. */
export function forgetServer(runDir: string): void {
  rmSync(path.join(runDir, RECORD), { force: true });
}

/** Ends the process group of a server that an earlier platform left on a data folder, and waits until it is gone. */
export async function endOrphan(runDir: string, dataDir: string): Promise<void> {
  const identity = readRecord(runDir);
  if (identity === undefined) return;
  while (isAlive(identity) && serves(identity.pid, dataDir)) {
    try {
      process.kill(-identity.pid, 'SIGKILL');
    } catch {
      return;
    }
    await sleep(10);
  }
  forgetServer(runDir);
}

/** Whether a process was started on that data folder. */
function serves(pid: number, dataDir: string): boolean {
  return commandOf(pid).some((argument) => argument === dataDir || argument === path.join(dataDir, 'objects'));
}

function readRecord(runDir: string): ProcessIdentity | undefined {
  try {
    return parseIdentity(JSON.parse(readFileSync(path.join(runDir, RECORD), 'utf8')));
  } catch {
    return undefined;
  }
}
