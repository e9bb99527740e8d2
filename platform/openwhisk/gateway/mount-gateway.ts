/** Mounts the API gateway on a hono app: its management and its traffic. See README.md for the parts. */
import type { Hono } from 'hono';
import type { Core } from '../core';
import type { ServerEnv } from '../http-request';
import { toResponse } from '../web/answer';
import { readIncoming } from '../web/incoming';
import { mountWebActions } from '../web/mount-web-actions';
import { WEB_PREFIX } from '../web/path';
import { serveWebActions } from '../web/web-actions';
import { ApiRegistry } from './api-registry';
import { makeSystemCore, SYSTEM_NAMESPACE } from './system-package';
import { serveGateway } from './traffic';

/** The UUID of a key. */
const TENANT = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';

/**
 * Routes `/api/v1/web/whisk.system/*` to the route management, and `/api/{tenant}/*` to the web actions that the APIs
 * name. May be mounted before or after `mountWebActions`.
 * @param url where callers reach this server, e.g. `http://127.0.0.1:3233`; asked for at each request
 */
export function mountGateway(app: Hono<ServerEnv>, core: Core, url: () => string): void {
  const publicUrl = () => url().replace(/\/+$/, '');
  const registry = new ApiRegistry(core.apis);
  mountWebActions(app, makeSystemCore(core, registry, publicUrl), `${WEB_PREFIX}/${SYSTEM_NAMESPACE}/*`);

  const traffic = serveGateway(registry, serveWebActions(core), core);
  for (const route of [`/api/:tenant{${TENANT}}`, `/api/:tenant{${TENANT}}/*`]) {
    app.all(route, async (c) => {
      const request = readIncoming(c);
      const tenant = c.req.param('tenant') ?? '';
      const { origin } = new URL(c.req.url);
      // By slashes, not by length: the tenant may come percent-encoded.
      const end = request.path.indexOf('/', '/api/'.length);
      const gatewayPath = end < 0 ? '' : request.path.slice(end);
      return toResponse(await traffic({ tenant, gatewayPath, origin, ...request }));
    });
  }
}
