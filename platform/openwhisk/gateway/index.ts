/** Mounts the API gateway on a hono app: its management and its traffic. See README.md for the parts. */
import type { Env, Hono } from 'hono';
import type { Core } from '../core';
import { toResponse, withHeaders } from '../web/answer';
import { incoming } from '../web/incoming';
import { type MountOptions, mountWebActions } from '../web/index';
import { WEB_PREFIX } from '../web/path';
import { webActionsOf } from '../web/web-actions';
import { ApiRegistry } from './api-registry';
import { SYSTEM_NAMESPACE, systemCore } from './system-package';
import { gatewayTraffic } from './traffic';

/** How the gateway is mounted. */
export interface GatewayOptions<E extends Env> extends MountOptions<E> {
  /** Where callers reach this server, e.g. `http://127.0.0.1:3233`; asked for at each request. */
  readonly publicUrl: () => string;
}

/** The UUID of a key. */
const TENANT = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';

/**
 * Routes `/api/v1/web/whisk.system/*` to the route management, and `/api/{tenant}/*` to the web actions that the APIs
 * name. May be mounted before or after `mountWebActions`.
 */
export function mountGateway<E extends Env>(app: Hono<E>, core: Core, options: GatewayOptions<E>): void {
  const publicUrl = () => options.publicUrl().replace(/\/+$/, '');
  const registry = new ApiRegistry(core.apis);
  mountWebActions(app, systemCore(core, registry, publicUrl), {
    ...options,
    route: `${WEB_PREFIX}/${SYSTEM_NAMESPACE}/*`,
  });

  const traffic = gatewayTraffic(registry, webActionsOf(core, options));
  for (const route of [`/api/:tenant{${TENANT}}`, `/api/:tenant{${TENANT}}/*`]) {
    app.all(route, async (c) => {
      const request = incoming(c, options.transactionId?.(c));
      const tenant = c.req.param('tenant') ?? '';
      const { origin } = new URL(c.req.url);
      // By slashes, not by length: the tenant may come percent-encoded.
      const end = request.path.indexOf('/', '/api/'.length);
      const gatewayPath = end < 0 ? '' : request.path.slice(end);
      const answer = await traffic({ ...request, tenant, gatewayPath, origin });
      return toResponse(withHeaders(answer, [['X-Request-ID', request.transactionId]]));
    });
  }
}
