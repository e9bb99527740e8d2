/**
 * Which sandboxes run, kept on disk, so that a platform that was killed can be cleaned up after: one small file per sandbox
 * under `processes/` of the data folder, named by the process id of its first process.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { killUntilGone } from './kill';
import { removeFolder } from './leftovers';
import { Members } from './members';
import { type ProcessIdentity, parseIdentity, readOwnIdentity } from './process-identity';
import { readText } from './read';
import { listProcesses, type ProcessEntry, readBootId, readProcess } from './stat';
import { FIRST_USER, isClaimedBy, releaseUser, USERS } from './users';

/** How the name of a sandbox's private folder begins; no other folder is ever removed. */
export const PRIVATE_FOLDER = 'pdfmagic-sandbox-';

/** A sandbox as it is remembered. */
interface ProcessRecord {
  readonly pid: number;
  readonly started: string;
  readonly boot: string;
  /** Private folder on the host, removed with the sandbox. */
  readonly folder?: string;
  /** User id that no process outside of the sandbox has, as long as the platform's claim to it stands. */
  readonly user?: number;
  /** The platform's process. */
  readonly platform?: ProcessIdentity;
  /** The first process of a pid namespace, which ends with it, also when bubblewrap did not live to see to that. */
  readonly first?: Pick<ProcessEntry, 'pid' | 'started'>;
}

/**
 * The records of one data folder: `add` and `remove` follow the sandboxes of this platform, `reapUnrecorded` and `reap` clean
 * up after an earlier one. A record that cannot be read names no process and is removed.
 */
export class ProcessRecords {
  private readonly folder: string;
  private readonly boot = readBootId();

  constructor(dataDir: string) {
    this.folder = path.join(dataDir, 'processes');
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
  }

  /** Remembers a sandbox whose first process leads a process group of its own. */
  add(pid: number, own: { readonly folder?: string; readonly user?: number; readonly first?: number } = {}): void {
    const entry = readProcess(pid);
    if (!entry) return;
    const { first: number, ...rest } = own;
    const first = number === undefined ? undefined : readProcess(number);
    const record: ProcessRecord = {
      ...{ pid, started: entry.started, boot: this.boot, platform: readOwnIdentity() },
      ...rest,
      ...(first === undefined ? {} : { first: { pid: first.pid, started: first.started } }),
    };
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
   * Kills what an earlier platform left, and removes its folders. A process is only touched if it cannot be another's: it is
   * a remembered one (same boot, pid and start time) or in the session of one that still runs, its environment names the
   * sandbox's private folder, or it has the sandbox's user, which that platform claimed and nobody since.
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
  // A number that is another process's by now, or was for a while, names no session of ours.
  const leader = isThere(record) ? record.pid : undefined;
  const { folder, first, platform } = record;
  const user = record.user !== undefined && platform && isClaimedBy(record.user, platform) ? record.user : undefined;
  const members = folder === undefined ? undefined : new Members(leader, folder, user);
  const find = () => members?.find(true) ?? [...groupOf(leader), ...(isThere(first) ? entriesOf(first?.pid) : [])];
  const found = find().some((entry) => !entry.zombie);
  if (found) await killUntilGone(find);
  if (user !== undefined) releaseUser(user);
  return found;
}

function isThere(remembered: Pick<ProcessEntry, 'pid' | 'started'> | undefined): boolean {
  return remembered !== undefined && readProcess(remembered.pid)?.started === remembered.started;
}

function entriesOf(pid: number | undefined): ProcessEntry[] {
  const entry = pid === undefined ? undefined : readProcess(pid);
  return entry === undefined ? [] : [entry];
}

function bindsOf(pid: number, folder: string): boolean {
  return readText(`/proc/${pid}/cmdline`).includes(`\0--ro-bind\0${folder}${path.sep}`);
}

function groupOf(leader: number | undefined): ProcessEntry[] {
  if (leader === undefined) return [];
  return listProcesses().filter((entry) => entry.group === leader || entry.session === leader);
}

/** Never a user that may have processes of other kinds. */
function isSandboxUser(user: unknown): user is number {
  return typeof user === 'number' && user >= FIRST_USER && user < FIRST_USER + USERS;
}

function parse(file: string): ProcessRecord | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const leader = parseIdentity(value);
    if (leader === undefined || typeof value !== 'object' || value === null) return undefined;
    const boot = 'boot' in value ? value.boot : '';
    if (typeof boot !== 'string') return undefined;
    const folder = 'folder' in value ? value.folder : undefined;
    const user = 'user' in value ? value.user : undefined;
    const platform = 'platform' in value ? parseIdentity(value.platform) : undefined;
    const first = 'first' in value ? parseIdentity(value.first) : undefined;
    const isPrivate = typeof folder === 'string' && path.basename(folder).startsWith(PRIVATE_FOLDER);
    return {
      ...{ ...leader, boot },
      ...(isPrivate ? { folder } : {}),
      ...(isSandboxUser(user) ? { user } : {}),
      ...(platform ? { platform } : {}),
      ...(first ? { first } : {}),
    };
  } catch {
    return undefined; // Half-written when the machine went down.
  }
}
