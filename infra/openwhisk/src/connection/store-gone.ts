/**
 * The header in which a server that keeps its store in a folder of this machine says at `GET /` which one it has: the
 * UUID of the key that was made with it. A real OpenWhisk sends none.
 */
const STORE_HEADER = 'x-openwhisk-store';

/** The first digits of such a UUID belong to the folder: the stores that it had one after the other have them in common. */
const FOLDER_DIGITS = 8;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Milliseconds to wait for the answer of a server on this machine. */
const TIMEOUT = 5_000;

/** Stores whose end was reported. */
const reported = new Set<string>();

/** Whether two keys are of stores that one folder had one after the other: the first store was deleted then. */
export function isMadeAnew(before: string, now: string): boolean {
  return isSameFolder(uuidOf(before), uuidOf(now));
}

/**
 * Whether the store that a key (`UUID:KEY`) belongs to is gone: its folder was deleted and the server there has made another.
 * Any other server that does not know the key (one of another folder, a real OpenWhisk) leaves the question open. Warns once.
 */
export async function storeIsGone(host: string, auth: string): Promise<boolean> {
  // Only a server on this machine keeps its store in a folder; those elsewhere are asked nothing.
  if (!host.startsWith('http:')) return false;
  const uuid = uuidOf(auth);
  const present = await storeAt(host);
  if (present === undefined || !isSameFolder(uuid, present)) return false;
  if (!reported.has(uuid)) {
    reported.add(uuid);
    console.error(
      `warning: The local platform at ${host} has a new store: its data folder was deleted, and all that was deployed there is gone with it.`,
    );
  }
  return true;
}

async function storeAt(host: string): Promise<string | undefined> {
  try {
    const { headers } = await fetch(host, { signal: AbortSignal.timeout(TIMEOUT) });
    return headers.get(STORE_HEADER) ?? undefined;
  } catch {
    return undefined;
  }
}

/** The part of a key that is no secret. */
function uuidOf(auth: string): string {
  return auth.split(':', 1)[0] ?? '';
}

function isSameFolder(before: string, now: string): boolean {
  const folder = (uuid: string) => uuid.slice(0, FOLDER_DIGITS);
  return before !== now && UUID.test(before) && UUID.test(now) && folder(before) === folder(now);
}
