/** The traffic to services, for everybody: each request goes to an instance with room, and is read only once it has one. */
import { type Context, Hono } from 'hono';
import { messageOf } from '../../ground/errors';
import { forward, TooLarge } from './forward';
import { type Lease, NoInstance, type Revision } from './revision';

/** Cloud Run's bound on a request over HTTP/1: https://cloud.google.com/run/quotas */
const LARGEST_REQUEST = 32 * 1024 * 1024;
const PREFIX = '/run/';

/** What is deployed, by name. */
export interface Services {
  /** `timeout`: seconds for one request. */
  findService(name: string): { readonly timeout: number } | undefined;
  findRevision(name: string): Revision | undefined;
}

/** `/run/NAME/...`; the name may be percent-encoded as any part of a path. */
export function routeTraffic(services: Services): Hono {
  const app = new Hono();
  app.all(`${PREFIX}:service`, (c) => pass(services, c));
  app.all(`${PREFIX}:service/*`, (c) => pass(services, c));
  return app;
}

async function pass(services: Services, c: Context): Promise<Response> {
  const { pathname, search } = new URL(c.req.url);
  const [first = ''] = pathname.slice(PREFIX.length).split('/');
  const name = decode(first);
  const spec = services.findService(name);
  const revision = services.findRevision(name);
  if (spec === undefined || revision === undefined) return c.text('There is no such service.', 404);
  if (Number(c.req.header('content-length') ?? 0) > LARGEST_REQUEST) return refuseTooLarge(c);
  let lease: Lease;
  try {
    lease = await revision.acquire();
  } catch (error) {
    if (error instanceof NoInstance) return c.text(`Rate exceeded: ${error.message}.`, 429);
    return c.text(`Service Unavailable: ${messageOf(error)}`, 503);
  }
  const late = AbortSignal.timeout(spec.timeout * 1000);
  try {
    return await forward(c.req.raw, {
      url: `${lease.url}${pathname.slice(PREFIX.length + first.length) || '/'}${search}`,
      largest: LARGEST_REQUEST,
      signal: AbortSignal.any([late, c.req.raw.signal]),
      over: () => lease.release(),
    });
  } catch (error) {
    if (error instanceof TooLarge) return refuseTooLarge(c);
    return late.aborted ? c.text('upstream request timeout', 504) : c.text('upstream connect error', 503);
  }
}

function refuseTooLarge(c: Context): Response {
  return c.text('Request Entity Too Large', 413);
}

/** A part of a path; one that is no UTF-8 names nothing. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
