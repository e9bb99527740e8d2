/** A release's nginx as the world sees it: the certificate and the key that the stack gave the release, in front of the local platform. */
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { CoreV1Api, type KubeConfig } from '@kubernetes/client-node';
import { NAMESPACE, RELEASE } from '../../infra/parts/openwhisk-release/chart';

/** Behind the door. */
export interface Behind {
  /** `http://HOST:PORT` */
  readonly apihost: string;
  /** Header with its key. */
  readonly authorization: string;
}

/** An open door. */
export interface FrontDoor {
  readonly url: string;
  /** While true, everything is answered by 500. */
  isSick: boolean;
  /** `METHOD PATH` of each request. */
  readonly asked: string[];
  close(): void;
}

/** How often it looks whether the release is there, in milliseconds. */
const PAUSE = 1_000;

/** What its call is, and how it ends. */
const FEED_ACTION = /^POST .*\/actions\/[^?]*new-file-feed\?/;
const TOLD = { activationId: '0'.repeat(32), response: { status: 'success', success: true, result: {} } };
const JSON_TYPE = { 'content-type': 'application/json' };

/** Before the release has a key. */
const NONE = 'none:none';

/** @param key `UUID:KEY` */
function idOf(key: string): string {
  return key.split(':')[0] ?? '';
}

/**
 * Listens at once, with no certificate; takes the release's when its nginx is ready. Who has not the key of the release is refused.
 * @param host an address of this machine, and @param port 0 for any
 */
export async function openFrontDoor(
  config: KubeConfig,
  behind: Behind,
  { host = '127.0.0.1', port = 0 } = {},
): Promise<FrontDoor> {
  const core = config.makeApiClient(CoreV1Api);
  let key = NONE;
  const asked: string[] = [];
  const server = https.createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const { authorization } = request.headers;
    const right = `Basic ${Buffer.from(key).toString('base64')}`;
    if (door.isSick) return void response.writeHead(500).end('{"error":"not well"}');
    if (authorization !== undefined && authorization !== right)
      return void response.writeHead(401).end('{"error":"The supplied authentication is invalid"}');
    // The gateway's management is closed to the world.
    // The feed's action reaches only the feed, which is played, too.
    if (FEED_ACTION.test(`${request.method} ${request.url}`))
      return void response.writeHead(200, JSON_TYPE).end(JSON.stringify(TOLD));
    if (request.url?.startsWith('/v2/')) return void response.writeHead(404).end();
    const headers = { ...request.headers, ...(authorization && { authorization: behind.authorization }) };
    // API management is told in the query, too, whose APIs it is asked for: by the first half of the key.
    const url = request.url?.replaceAll(idOf(key), idOf(atob(behind.authorization.replace('Basic ', ''))));
    const asking = http.request(`${behind.apihost}${url}`, { method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    asking.on('error', () => response.destroy());
    request.pipe(asking);
  });
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  const read = async (name: string) => (await core.readNamespacedSecret({ name, namespace: NAMESPACE })).data ?? {};
  const decode = (text = '') => Buffer.from(text, 'base64').toString('utf8');
  const looking = setInterval(async () => {
    try {
      const { items } = await core.listNamespacedPod({ namespace: NAMESPACE, labelSelector: `name=${RELEASE}-nginx` });
      if (!items.some(({ status }) => status?.phase === 'Running')) return;
      const [certificate, auth] = [await read(`${RELEASE}-nginx`), await read(`${RELEASE}-whisk.auth`)];
      server.setSecureContext({ key: decode(certificate['tls.key']), cert: decode(certificate['tls.crt']) });
      key = decode(auth.guest).trim() || NONE;
    } catch {
      // It is not there yet, or not any more.
    }
  }, PAUSE);
  const door: FrontDoor = {
    url: `https://${host}:${(server.address() as AddressInfo).port}`,
    isSick: false,
    asked,
    close: () => {
      clearInterval(looking);
      server.closeAllConnections();
      server.close();
    },
  };
  return door;
}
