/** The header in which the platform says at `GET /` which store it has: the UUID of the key that was made with it. */
const STORE_HEADER = 'x-openwhisk-store';
/** `FOLDER...:KEY`: the UUIDs of stores that one data folder had one after the other begin alike. */
const UUID = /^([0-9a-f]{8})-[0-9a-f-]{27}$/;
const TIMEOUT = 5_000;

const told = new Set<string>();

/**
 * Whether the store that a key belongs to is gone: the data folder was deleted, and the platform has made another in its
 * place. A platform on another folder leaves the question open. Warns once.
 */
export async function storeIsGone(endpoint: string, auth: string): Promise<boolean> {
  const before = auth.split(':', 1)[0] ?? '';
  const now = await storeAt(endpoint);
  const folder = UUID.exec(before)?.[1];
  if (folder === undefined || now === before || UUID.exec(now)?.[1] !== folder) return false;
  if (!told.has(before)) {
    told.add(before);
    console.error(
      `warning: The platform at ${endpoint} has a new store: its data folder was deleted, and all that was deployed there is gone with it.`,
    );
  }
  return true;
}

async function storeAt(endpoint: string): Promise<string> {
  try {
    const { headers } = await fetch(endpoint, { signal: AbortSignal.timeout(TIMEOUT) });
    return headers.get(STORE_HEADER) ?? '';
  } catch {
    return '';
  }
}
