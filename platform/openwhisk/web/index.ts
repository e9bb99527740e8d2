/** Mounts web actions on a hono app. See README.md for the parts. */
import type { Context, Env, Hono } from 'hono';
import type { Core } from '../core';
import { authenticationRefusal, CHALLENGE } from '../credentials';
import { corsHeaders, errorAnswer, MESSAGES, toResponse, type WebAnswer, withHeaders } from './answer';
import { incoming } from './incoming';
import { parseWebActionPath, WEB_PREFIX, type WebActionPath } from './path';
import { MalformedEncoding } from './percent-encoding';
import { type WebActionsLimits, webActionsOf } from './web-actions';

/** How web actions and the gateway are mounted. */
export interface MountOptions<E extends Env> extends WebActionsLimits {
  /** The id that the server has given the request; without it `X-Request-ID` of the caller, or a random one. */
  readonly transactionId?: (c: Context<E>) => string;
  /** The route, when only a part of `/api/v1/web/*` is meant. */
  readonly route?: string;
}

const METHODS = ['GET', 'DELETE', 'POST', 'PUT', 'HEAD', 'OPTIONS', 'PATCH'];

/** What a path below `/web` answers that names no web action: as any other unknown path of the API. */
function noWebAction(core: Core, method: string, authorization: string | undefined, id: string): WebAnswer {
  if (method === 'OPTIONS') return { status: 200, headers: corsHeaders(undefined) };
  if (core.authenticate(authorization)) return errorAnswer(404, MESSAGES.routeNotFound, id);
  return withHeaders(errorAnswer(401, authenticationRefusal(authorization), id), [CHALLENGE]);
}

/**
 * Routes `/api/v1/web/*` of `app` to the web actions of `core`. Actions of `whisk.system` are left to later routes when
 * the core has none, so the gateway may be mounted before or after.
 */
export function mountWebActions<E extends Env>(app: Hono<E>, core: Core, options: MountOptions<E> = {}): void {
  const webActions = webActionsOf(core, options);

  app.all(options.route ?? `${WEB_PREFIX}/*`, async (c, next) => {
    const request = incoming(c, options.transactionId?.(c));
    const id = request.transactionId;
    const respond = (answer: WebAnswer) => toResponse(withHeaders(answer, [['X-Request-ID', id]]));

    let action: WebActionPath | undefined;
    try {
      action = parseWebActionPath(request.path);
    } catch (error) {
      if (!(error instanceof MalformedEncoding)) throw error;
      return respond(errorAnswer(400, `Illegal request-target: ${error.message}`, id));
    }
    if (action?.namespace === 'whisk.system' && !core.ownerOf('whisk.system')) return next();
    if (!METHODS.includes(request.method)) {
      const error = `HTTP method not allowed, supported methods: ${METHODS.join(', ')}`;
      return respond(withHeaders(errorAnswer(405, error, id), [['Allow', METHODS.join(', ')]]));
    }
    if (!action) return respond(noWebAction(core, request.method, request.headers.authorization, id));
    return respond(await webActions({ ...request, ...action }));
  });
}
