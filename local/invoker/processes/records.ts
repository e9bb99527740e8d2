/**
 * Which sandboxes run, kept on disk, so that a platform that was killed can be cleaned up after: one small file per sandbox
 * under `processes/` of the data folder, named by the process id of its first process.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { killUntilGone } from './kill';
import { removeFolder } from './leftovers';
import { Members } from './members';
import { bootId, listProcesses, type ProcessEntry, readProcess } from './stat';

/** How the name of a sandbox's private folder begins; no other folder is ever removed. */
export const PRIVATE_FOLDER = 'pdfmagic-sandbox-';

/**
 * User ids of sandboxes: below 65536, so that the ids exist in containers with their own id range too; unassigned in
 * Debian's scheme.
 */
export const FIRST_USER = 62_000;
/** How many such ids there are. */
export const USERS = 2_000;

/** A sandbox as it is remembered. */
interface ProcessRecord {
  readonly pid: number;
  readonly started: string;
  readonly boot: string;
  /** Private folder on the host, removed with the sandbox. */
  readonly folder?: string;
  /** User id that no process outside of the sandbox has. */
  readonly user?: number;
}

/**
 * The records of one data folder: `add` and `remove` follow the sandboxes of this platform, `reapUnrecorded` and `reap` clean
 * up after an earlier one. A record that cannot be read names no process and is removed.
 */
export class ProcessRecords {
  private readonly folder: string;
  private readonly boot = bootId();

  constructor(dataDir: string) {
    this.folder = path.join(dataDir, 'processes');
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
  }

  /** Remembers a sandbox whose first process leads a process group of its own. */
  add(pid: number, own: { readonly folder?: string; readonly user?: number } = {}): void {
    const entry = readProcess(pid);
    if (!entry) return;
    const record: ProcessRecord = { pid, started: entry.started, boot: this.boot, ...own };
    writeFileSync(path.join(this.folder, String(pid)), JSON.stringify(record), { mode: 0o600 });
  }

  /** Forgets a sandbox that has ended. */
  remove(pid: number): void {
    rmSync(path.join(this.folder, String(pid)), { force: true });
  }

  /**
   * Kills what an earlier platform was about to start: bubblewrap's child waits for ever when bubblewrap is killed before it
   * let it go on, and before anything is recorded. It is known by its command line, which binds files of this folder.
   * @returns how many there were
   */
  async reapUnrecorded(folder: string): Promise<number> {
    const find = () => listProcesses().filter(({ pid }) => bindsOf(pid, folder));
    const found = find().filter(({ zombie }) => !zombie).length;
    if (found > 0) await killUntilGone(find);
    return found;
  }

  /**
   * Kills what an earlier platform left, and removes its folders. A process is only touched if it is the remembered one
   * (same boot, pid and start time), or belongs to the process group that it led and that outlived it, or has the
   * sandbox's own user, or still names its private folder in its environment.
   * @returns how many sandboxes were found alive
   */
  async reap(): Promise<number> {
    let alive = 0;
    for (const name of readdirSync(this.folder)) {
      const file = path.join(this.folder, name);
      const record = parse(file);
      if (record && record.boot === this.boot && (await reapOne(record))) alive++;
      if (record?.folder) await removeFolder(record.folder);
      unlinkSync(file);
    }
    return alive;
  }
}

async function reapOne(record: ProcessRecord): Promise<boolean> {
  const leader = readProcess(record.pid);
  // The pid is another process's by now; then no group of that number can be ours either.
  if (leader && leader.started !== record.started) return false;
  const { folder, user } = record;
  const find = () => (folder ? new Members(record.pid, folder, user).find(true) : groupOf(record.pid));
  const found = find().some((entry) => !entry.zombie);
  if (found) await killUntilGone(find);
  return found;
}

function bindsOf(pid: number, folder: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`\0--ro-bind\0${folder}${path.sep}`);
  } catch {
    return false;
  }
}

function groupOf(leader: number): ProcessEntry[] {
  return listProcesses().filter((entry) => entry.group === leader || entry.session === leader);
}

/** Never a user that may have processes of other kinds. */
function isSandboxUser(user: unknown): user is number {
  return typeof user === 'number' && user >= FIRST_USER && user < FIRST_USER + USERS;
}

function parse(file: string): ProcessRecord | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('started' in value)) return undefined;
    const { pid, started } = value;
    const boot = 'boot' in value ? value.boot : '';
    const folder = 'folder' in value ? value.folder : undefined;
    if (typeof pid !== 'number' || pid <= 1 || typeof started !== 'string' || typeof boot !== 'string')
      return undefined;
    const user = 'user' in value ? value.user : undefined;
    const isPrivate = typeof folder === 'string' && path.basename(folder).startsWith(PRIVATE_FOLDER);
    return {
      ...{ pid, started, boot },
      ...(isPrivate ? { folder } : {}),
      ...(isSandboxUser(user) ? { user } : {}),
    };
  } catch {
    return undefined; // Half-written when the machine went down.
  }
}
