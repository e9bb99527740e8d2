/**
 * Users for sandboxes of a platform that runs as root. Each that is in use is claimed by a file in a folder of root's, which
 * goes with the boot and which no guest can write: so no two platforms take the same one, and a later platform knows whose
 * the processes of a user are.
 */
import { randomInt } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { hasCode } from '../../ground/errors';
import { isAlive, type ProcessIdentity, parseIdentity, readOwnIdentity } from './process-identity';
import { userOf } from './stat';

/** Below 65536, so that the ids exist in containers with their own id range too; unassigned in Debian's scheme. */
export const FIRST_USER = 62_000;
/** How many such ids there are. */
export const USERS = 2_000;
const CLAIMS = '/run/pdfmagic-users';

/**
 * Claims a user that neither another claim nor any process of this machine has.
 * @throws Error when all are in use, or nothing can be claimed here
 */
export function takeUser(): number {
  mkdirSync(CLAIMS, { recursive: true, mode: 0o700 });
  const taken = usersOfProcesses();
  const first = randomInt(USERS);
  for (let tried = 0; tried < USERS; tried++) {
    const id = FIRST_USER + ((first + tried) % USERS);
    if (!taken.has(id) && claim(id)) return id;
  }
  throw new Error(`More than ${USERS} sandboxes run at the same time.`);
}

/** To be called when no process has it any more. */
export function releaseUser(id: number): void {
  rmSync(claimOf(id), { force: true });
}

/** Whether the user was last claimed by that process, and not released since. */
export function isClaimedBy(id: number, platform: ProcessIdentity): boolean {
  const owner = ownerOf(id);
  return owner !== undefined && owner.pid === platform.pid && owner.started === platform.started;
}

function claim(id: number): boolean {
  const owner = ownerOf(id);
  if (owner !== undefined && isAlive(owner)) return false;
  releaseUser(id);
  try {
    writeFileSync(claimOf(id), JSON.stringify(readOwnIdentity()), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

function ownerOf(id: number): ProcessIdentity | undefined {
  try {
    return parseIdentity(JSON.parse(readFileSync(claimOf(id), 'utf8')));
  } catch {
    return undefined; // Nobody's, or half-written when its platform was killed.
  }
}

function claimOf(id: number): string {
  return path.join(CLAIMS, String(id));
}

function usersOfProcesses(): Set<number> {
  const users = new Set<number>();
  for (const name of readdirSync('/proc')) {
    if (/^\d/.test(name)) users.add(userOf(Number(name)) ?? 0);
  }
  return users;
}
