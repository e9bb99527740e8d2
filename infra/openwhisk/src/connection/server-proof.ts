/**
 * How a server proves that it knows a key before anybody sends the key to it: it answers a fresh challenge with an HMAC-SHA256
 * (RFC 2104) by the key, over the challenge and its own address. So neither a program that took the port of a stopped platform
 * nor one that passes the challenge on to the real server learns the key.
 *
 * Our own protocol: OpenWhisk has none. The platform on this machine speaks it (`platform/composition`).
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { getText } from '../request/get-text';

/** Path of the answer, at the API host; the query is `challenge`, 64 hexadecimal digits. */
export const PROOF_PATH = '/proof';

/** `proven`: it knows the key. `refuted`: something answers that does not. `silent`: nothing answers. */
export type ServerProof = 'proven' | 'refuted' | 'silent';

const CHALLENGE = /^[0-9a-f]{64}$/;
/** Milliseconds for the answer, which takes no work. */
const PATIENCE = 5000;

/**
 * The server's half.
 * @param auth the key, `UUID:KEY`
 * @param url where the server is, as it knows it itself: never by the request's `Host`
 * @returns the proof, 64 hexadecimal digits; undefined for a malformed challenge
 */
export function proveKey(auth: string, url: string, challenge: string): string | undefined {
  return CHALLENGE.test(challenge) ? computeDigest(auth, url, challenge).toString('hex') : undefined;
}

/** The client's half: whether the server at `apihost` knows the key. The key is not sent. */
export async function askForProof(apihost: string, auth: string): Promise<ServerProof> {
  const challenge = randomBytes(32).toString('hex');
  const signal = AbortSignal.timeout(PATIENCE);
  let text: string;
  try {
    const url = new URL(PROOF_PATH, apihost);
    url.searchParams.set('challenge', challenge);
    ({ text } = await getText(url, signal));
  } catch {
    // Who takes the request and says nothing is somebody, too.
    return signal.aborted ? 'refuted' : 'silent';
  }
  const given = Buffer.from(text.trim(), 'hex');
  const wanted = computeDigest(auth, apihost, challenge);
  return given.length === wanted.length && timingSafeEqual(given, wanted) ? 'proven' : 'refuted';
}

function computeDigest(auth: string, url: string, challenge: string): Buffer {
  return createHmac('sha256', auth)
    .update(`pdfmagic\n${originOf(url)}\n${challenge}`)
    .digest();
}

/** Loopback goes by two names. */
function originOf(url: string): string {
  const parsed = new URL(url);
  if (parsed.hostname === 'localhost') parsed.hostname = '127.0.0.1';
  return parsed.origin;
}
