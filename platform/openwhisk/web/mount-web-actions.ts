/** Mounts web actions on a hono app. See README.md for the parts. */
import type { Hono } from 'hono';
import type { Core } from '../core';
import { CHALLENGE, explainRefusal } from '../credentials';
import { messages } from '../entity/messages';
import type { ServerEnv } from '../http-request';
import { addHeaders, answerError, makeCorsHeaders, toResponse, type WebAnswer } from './answer';
import { readIncoming } from './incoming';
import { parseWebActionPath, WEB_PREFIX, type WebActionPath } from './path';
import { MalformedEncoding } from './percent-encoding';
import { serveWebActions } from './web-actions';

const METHODS = ['GET', 'DELETE', 'POST', 'PUT', 'HEAD', 'OPTIONS', 'PATCH'];

/** What a path below `/web` answers that names no web action: as any other unknown path of the API. */
function answerNoWebAction(core: Core, method: string, authorization: string | undefined, id: string): WebAnswer {
  if (method === 'OPTIONS') return { status: 200, headers: makeCorsHeaders(undefined) };
  if (core.authenticate(authorization)) return answerError(404, messages.routeNotFound, id);
  return addHeaders(answerError(401, explainRefusal(authorization), id), [CHALLENGE]);
}

/**
 * Routes `/api/v1/web/*` of `app`, or only `route` of it, to the web actions of `core`. Actions of `whisk.system` are left to
 * later routes when the core has none, so the gateway may be mounted before or after.
 */
export function mountWebActions(app: Hono<ServerEnv>, core: Core, route = `${WEB_PREFIX}/*`): void {
  const webActions = serveWebActions(core);

  app.all(route, async (c, next) => {
    const request = readIncoming(c);
    const id = request.transactionId;

    let action: WebActionPath | undefined;
    try {
      action = parseWebActionPath(request.path);
    } catch (error) {
      if (!(error instanceof MalformedEncoding)) throw error;
      return toResponse(answerError(400, `Illegal request-target: ${error.message}`, id));
    }
    if (action?.namespace === 'whisk.system' && !core.ownerOf('whisk.system')) return next();
    if (!METHODS.includes(request.method)) {
      const error = `HTTP method not allowed, supported methods: ${METHODS.join(', ')}`;
      return toResponse(addHeaders(answerError(405, error, id), [['Allow', METHODS.join(', ')]]));
    }
    if (!action) return toResponse(answerNoWebAction(core, request.method, request.headers.authorization, id));
    return toResponse(await webActions(Object.assign({}, request, action)));
  });
}
