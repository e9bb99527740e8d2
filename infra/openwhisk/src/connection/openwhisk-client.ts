import http from 'node:http';
import https from 'node:https';
import openwhisk from 'openwhisk';
import { failureOf } from '../request/failure';
import { type KnownConnection, namespaceOf, toHostUrl, uuidOf } from './connection';
import { askForProof } from './server-proof';
import { storeIsGone } from './store-gone';

/** Longest wait for one answer in milliseconds: beyond OpenWhisk's own 60 s for a blocking call, and for a slow upload. */
const ANSWER_TIMEOUT_MS = 180_000;

/** The client object behind the operations of `openwhisk`; its types leave out what is needed below. */
interface InnerClient {
  readonly options: { proxy?: string | undefined };
  request(method: string, path: string, options?: object): Promise<unknown>;
}

/**
 * Opens an `openwhisk` client for a connection. Opening does no I/O.
 *
 * Two habits of the client are mended here, at the one function that all its operations go through: it sends loopback
 * traffic to a proxy named in the environment, and it waits for an answer without end. And where the store that the key
 * belongs to was deleted, "unauthorized" becomes "not found".
 */
export function openClient(connection: KnownConnection): openwhisk.Client {
  const host = toHostUrl(connection.apihost);
  const client = openwhisk({
    api: `${host}/api/v1/`,
    api_key: connection.auth,
    namespace: namespaceOf(connection),
    ignore_certs: connection.insecure ?? false,
    agent: makeAgent(host, connection),
    // API management wants both; any text does for the token (`wsk` sends the same one).
    apigw_token: 'DUMMY TOKEN',
    apigw_space_guid: uuidOf(connection),
  });
  const inner = (client.routes as unknown as { client: InnerClient }).client;
  const send = inner.request.bind(inner);
  inner.options.proxy = undefined; // needle itself reads the proxy variables, and heeds NO_PROXY
  const extra = {
    use_proxy_from_env_var: !isLoopback(host),
    response_timeout: ANSWER_TIMEOUT_MS,
    read_timeout: ANSWER_TIMEOUT_MS,
  };
  let proof: Promise<void> | undefined;
  inner.request = async (method, path, options) => {
    try {
      proof ??= requireProof(host, connection);
      await proof;
      return await send(method, path, { ...options, ...extra });
    } catch (error) {
      const refused = method !== 'PUT' && failureOf(error).kind === 'unauthenticated';
      throw refused && (await storeIsGone(host, connection.auth)) ? makeAbsentError() : error;
    }
  };
  return client;
}

/** @throws what the client throws for an answer of 401, when another program answers than the one that knows the key */
async function requireProof(host: string, { auth, provesKey }: KnownConnection): Promise<void> {
  if (provesKey !== true || (await askForProof(host, auth)) !== 'refuted') return;
  const text = 'the program that answers there cannot prove that it already has the key, so the key was not sent';
  throw Object.assign(new Error(text), { statusCode: 401, error: { error: text } });
}

/** What the client throws for an answer of 404: what was in a store that is gone is gone too. */
function makeAbsentError(): Error {
  const text = 'the store that it was in was deleted';
  return Object.assign(new Error(text), { statusCode: 404, error: { error: text } });
}

/** Without keep-alive: a connection the server is about to close would look like a lost answer. */
function makeAgent(host: string, connection: KnownConnection): http.Agent {
  if (!host.startsWith('https:')) return new http.Agent();
  const ca = connection.caCertificate === undefined ? {} : { ca: connection.caCertificate };
  return new https.Agent({ ...ca, rejectUnauthorized: !(connection.insecure ?? false) });
}

function isLoopback(host: string): boolean {
  const { hostname } = new URL(host);
  return hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname);
}
