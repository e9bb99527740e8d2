/** The REST API on a hono app: ids, authentication, bodies and errors around `routes.ts`. */
import type { Context, Hono } from 'hono';
import { type Core, type Identity, Refusal } from '../core';
import { CHALLENGE, explainRefusal } from '../credentials';
import { limits } from '../entity/limits';
import { messages } from '../entity/messages';
import { type ServerEnv, splitUrl } from '../http-request';
import { StoreError } from '../store/errors';
import type { ApiParts, Call } from './call';
import { apiInfo, describeServer } from './info';
import { REST_CORS, type Reply, replyError, replyOk, SERVER_CORS, toResponse } from './reply';
import { Query, Rejection, readBody } from './request';
import { route, routeNotFound } from './routes';

const METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH'];

function decodePath(path: string): string[] {
  try {
    return path.split('/').slice(1).map(decodeURIComponent);
  } catch {
    throw new Rejection(400, `Illegal request-target: a percent sign in '${path.slice(0, 200)}' encodes nothing`);
  }
}

function answerUnauthorized(authorization: string | undefined, transactionId: string): Reply {
  return { ...replyError(401, explainRefusal(authorization), transactionId), headers: [CHALLENGE] };
}

/** Reads the body within the bound of its method. A caller without a key is heard out, but nothing is kept. */
async function bodyOf(c: Context<ServerEnv>, identity: Identity | undefined): Promise<Buffer> {
  const allowed = c.req.method === 'PUT' ? limits.body : limits.payload;
  const { size, bytes } = await readBody(c.env.incoming, identity ? allowed : 0);
  if (bytes) return bytes;
  if (identity) throw new Refusal(413, messages.tooBig('Request', size, allowed));
  return Buffer.alloc(0);
}

/** The answer to one request to the API or beside it. */
async function answer(c: Context<ServerEnv>, core: Core, parts: ApiParts): Promise<Response> {
  const transactionId = c.get('transactionId');
  const { method } = c.req;
  const { path, query } = splitUrl(c.req.url);
  const segments = decodePath(path);
  const isApi = segments[0] === 'api' && segments[1] === 'v1';
  if (!METHODS.includes(method)) {
    throw new Rejection(405, `HTTP method not allowed, supported methods: ${METHODS.join(', ')}`);
  }
  if (method === 'OPTIONS') return toResponse({ status: 200, text: 'OK' }, isApi ? REST_CORS : SERVER_CORS);
  if (!isApi) {
    if (method === 'GET' && path === '/')
      return toResponse(replyOk(describeServer(parts.invoker.runtimes, parts.maxInFlight)), []);
    if (method === 'GET' && path === '/ping') return toResponse({ status: 200, text: 'pong' }, []);
    throw routeNotFound();
  }
  const rest = segments.slice(2);
  if (method === 'GET' && rest.join('') === '' && rest.length <= 1) return toResponse(replyOk(apiInfo), REST_CORS);
  const { authorization, 'content-type': contentType } = c.env.incoming.headers;
  const identity = core.authenticate(authorization);
  const body = await bodyOf(c, identity);
  if (!identity) return toResponse(answerUnauthorized(authorization, transactionId), []);
  const call: Omit<Call, 'namespace'> = {
    identity,
    method,
    query: new Query(new URLSearchParams(query)),
    headers: () => c.req.header(),
    contentType,
    body,
    transactionId,
    ...parts,
  };
  return toResponse(await route(call, rest), REST_CORS);
}

/**
 * Says at `/` which store this is, by the UUID of the key that was made with it: so a deployer whose key is not known here
 * can tell a store that was deleted from a key that is wrong. To be mounted before everything else.
 */
export function mountStoreId(app: Hono<ServerEnv>, uuid: string): void {
  app.use('/', async (c, next) => {
    await next();
    c.res.headers.set('X-OpenWhisk-Store', uuid);
  });
}

/** Mounts the REST API, and the answer to whatever no other route takes: to be mounted after everything else. */
export function mountApi(app: Hono<ServerEnv>, core: Core, parts: ApiParts, log: (line: string) => void): void {
  app.all('*', (c) => answer(c, core, parts));
  app.onError((error, c) => {
    const transactionId = c.get('transactionId') ?? '';
    if (error instanceof Refusal) {
      const cors = error instanceof Rejection ? [] : REST_CORS;
      return toResponse(replyError(error.status, error.message, transactionId), cors);
    }
    if (error instanceof StoreError) {
      log(error.message);
      return toResponse(replyError(503, error.message, transactionId), REST_CORS);
    }
    log(`${c.req.method} ${c.req.path}: ${error.stack ?? error.message}`);
    return toResponse(replyError(500, 'There was an internal server error.', transactionId), REST_CORS);
  });
}
