/** Which processes belong to a sandbox that has no pid namespace to tell. */
import { readText } from './read';
import { listProcesses, type ProcessEntry, userOf } from './stat';

/** The processes of one sandbox, found by session, descent, user and environment. */
export class Members {
  /** Start by pid of what was seen: a daemon leaves its session and its parents, but it was a member once. */
  private readonly known = new Map<number, string>();

  /**
   * `leader`: pid of the first process, which leads a session, as long as it cannot be another's; `folder`: private folder of
   * the sandbox; `user`: its own user id, if it has one. No process can leave that.
   */
  constructor(
    private readonly leader: number | undefined,
    private readonly folder: string,
    private readonly user?: number,
  ) {}

  /**
   * The session and process group, what descends from these, and what was once seen among them. With `thorough` also what
   * has slipped out unseen: it has the sandbox's user, or its environment still names the private folder (its HOME).
   * @param present whether a list of some milliseconds ago will not do
   */
  find(thorough: boolean, present = thorough): ProcessEntry[] {
    const entries = present ? listProcesses() : listRecentProcesses();
    const found = new Map<number, ProcessEntry>();
    for (const entry of entries) {
      const isMember = [entry.session, entry.group].includes(this.leader ?? Number.NaN);
      const wasMember = this.known.get(entry.pid) === entry.started;
      if (isMember || wasMember || (thorough && this.owns(entry.pid))) found.set(entry.pid, entry);
    }
    for (let before = -1; before !== found.size; ) {
      before = found.size;
      for (const entry of entries) if (found.has(entry.parent)) found.set(entry.pid, entry);
    }
    this.known.clear();
    for (const entry of found.values()) this.known.set(entry.pid, entry.started);
    return [...found.values()];
  }

  private owns(pid: number): boolean {
    return (this.user !== undefined && userOf(pid) === this.user) || namesFolder(pid, this.folder);
  }
}

/** True when the environment of a process names that folder; only Linux tells. */
function namesFolder(pid: number, folder: string): boolean {
  return readText(`/proc/${pid}/environ`).includes(`=${folder}/`);
}

/** How old a list may be for measuring, in milliseconds: all sandboxes are measured in one go. */
const RECENT = 50;
let recent: { readonly at: number; readonly entries: ProcessEntry[] } = { at: 0, entries: [] };

function listRecentProcesses(): ProcessEntry[] {
  if (performance.now() - recent.at > RECENT) recent = { at: performance.now(), entries: listProcesses() };
  return recent.entries;
}
