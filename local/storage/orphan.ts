/** A server that outlived its platform: written down when it starts, ended at the next start. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, type ProcessIdentity, startOf } from '../process-identity';

const RECORD = 'fake-gcs-server.json';

/** Writes down which process serves this data folder. */
export function recordServer(dataDir: string, pid: number): void {
  const identity: ProcessIdentity = { pid, started: startOf(pid) ?? 'unknown' };
  writeFileSync(path.join(dataDir, RECORD), JSON.stringify(identity), { mode: 0o600 });
}

/** Forgets it: it was ended as it should be. */
export function forgetServer(dataDir: string): void {
  rmSync(path.join(dataDir, RECORD), { force: true });
}

/** Ends the process group of a server that an earlier platform left, and waits until it is gone. */
export async function endOrphan(dataDir: string): Promise<void> {
  const identity = readRecord(dataDir);
  if (identity === undefined) return;
  while (isAlive(identity)) {
    try {
      process.kill(-identity.pid, 'SIGKILL');
    } catch {
      return;
    }
    await sleep(10);
  }
  forgetServer(dataDir);
}

function readRecord(dataDir: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(path.join(dataDir, RECORD), 'utf8')) as ProcessIdentity;
  } catch {
    return undefined;
  }
}
