/** The control API, for whoever has the key, and the traffic to services, for everybody. */
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { proxy } from 'hono/proxy';
import type { z } from 'zod';
import { requireKey } from '../../feed/service';
import { type CloudRun, Conflict } from '.';
import { type Lease, NoInstance } from './revision';
import { resourceName, serviceSpec, triggerSpec } from './spec';

const LARGEST_SPEC = 64 * 1024;
/** Cloud Run's bound on a request over HTTP/1: https://cloud.google.com/run/quotas */
const LARGEST_REQUEST = 32 * 1024 * 1024;

/** `/cloudrun/...` and `/run/...`. @param auth the key of OpenWhisk, `UUID:KEY` */
export function cloudRunRoutes(cloudRun: CloudRun, auth: string): Hono {
  const app = new Hono();
  app.route('/cloudrun', control(cloudRun, auth));
  app.use('/run/*', bodyLimit({ maxSize: LARGEST_REQUEST, onError: (c) => c.text('Request Entity Too Large', 413) }));
  app.all('/run/:service', (c) => traffic(cloudRun, c));
  app.all('/run/:service/*', (c) => traffic(cloudRun, c));
  return app;
}

function control(cloudRun: CloudRun, auth: string): Hono {
  const app = new Hono();
  app.use('*', requireKey(auth), bodyLimit({ maxSize: LARGEST_SPEC }));
  app.onError((error, c) => c.json({ error: error.message }, error instanceof Conflict ? 409 : 500));
  const notFound = (c: Context) => c.json({ error: 'not found' }, 404);
  app.put('/services/:name', async (c) => {
    const { name, spec, problem } = await read(c, serviceSpec);
    if (problem !== undefined) return c.json({ error: problem }, 400);
    await cloudRun.putService(name, spec);
    return c.json({ name, ...spec, url: cloudRun.urlOf(name) });
  });
  app.get('/services/:name', (c) => {
    const name = c.req.param('name');
    const spec = cloudRun.service(name);
    if (spec === undefined) return notFound(c);
    const instances = cloudRun.revision(name)?.instances.map(({ pid }) => pid) ?? [];
    return c.json({ name, ...spec, url: cloudRun.urlOf(name), instances });
  });
  app.delete('/services/:name', async (c) => {
    const name = c.req.param('name');
    return (await cloudRun.deleteService(name)) ? c.json({ name }) : notFound(c);
  });
  app.put('/triggers/:name', async (c) => {
    const { name, spec, problem } = await read(c, triggerSpec);
    if (problem !== undefined) return c.json({ error: problem }, 400);
    await cloudRun.putTrigger(name, spec);
    return c.json({ name, ...spec });
  });
  app.get('/triggers/:name', (c) => {
    const name = c.req.param('name');
    const spec = cloudRun.trigger(name);
    return spec === undefined ? notFound(c) : c.json({ name, ...spec });
  });
  app.delete('/triggers/:name', async (c) => {
    const name = c.req.param('name');
    return (await cloudRun.deleteTrigger(name)) ? c.json({ name }) : notFound(c);
  });
  return app;
}

type Read<T> =
  | { readonly name: string; readonly spec: T; readonly problem?: undefined }
  | { readonly name?: undefined; readonly spec?: undefined; readonly problem: string };

async function read<T>(c: Context, schema: z.ZodType<T>): Promise<Read<T>> {
  const name = resourceName.safeParse(c.req.param('name'));
  if (!name.success) return { problem: 'a name is small letters, digits and dashes, at most 63' };
  const spec = schema.safeParse(await c.req.json().catch(() => undefined));
  if (spec.success) return { name: name.data, spec: spec.data };
  const words = spec.error.issues.map(({ path, message }) => [...path, message].join(': ')).join('; ');
  return { problem: `the body is no such resource in JSON: ${words}` };
}

/** Passes a request on to an instance, with the whole body, and its answer back as it comes. */
async function traffic(cloudRun: CloudRun, c: Context): Promise<Response> {
  const name = c.req.param('service') ?? '';
  const spec = cloudRun.service(name);
  const revision = cloudRun.revision(name);
  if (spec === undefined || revision === undefined) return c.text('There is no such service.', 404);
  const body = ['GET', 'HEAD'].includes(c.req.method) ? undefined : await c.req.arrayBuffer();
  let lease: Lease;
  try {
    lease = await revision.acquire();
  } catch (error) {
    if (error instanceof NoInstance) return c.text(`Rate exceeded: ${error.message}.`, 429);
    return c.text(`Service Unavailable: ${error instanceof Error ? error.message : error}`, 503);
  }
  try {
    const { pathname, search } = new URL(c.req.url);
    const answer = await proxy(`${lease.url}${pathname.slice(`/run/${name}`.length) || '/'}${search}`, {
      method: c.req.method,
      headers: { ...c.req.header(), 'content-length': undefined },
      redirect: 'manual',
      signal: AbortSignal.timeout(spec.timeout * 1000),
      ...(body === undefined ? {} : { body }),
    });
    // The instance is busy until its last byte.
    const bytes = await answer.arrayBuffer();
    return new Response(bytes.byteLength === 0 ? null : bytes, answer);
  } catch (error) {
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    return c.text(isLate ? 'upstream request timeout' : 'upstream connect error', isLate ? 504 : 503);
  } finally {
    lease.release();
  }
}
