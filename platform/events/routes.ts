/** The feed's HTTP on this machine: that of the service, and the dead letters, which on Google Cloud are a subscription. */
import type { Hono } from 'hono';
import { requireKey, routeFeed } from '../../feed/service';
import type { LocalFlows } from './flows';

/** `routeFeed`, and `GET /dead-letters` for whoever has the key. */
export function routeLocalFeed(flows: LocalFlows, auth: string): Hono {
  const app = routeFeed(flows, auth);
  app.get('/dead-letters', requireKey(auth), (c) => c.json(flows.listDeadLetters()));
  return app;
}
