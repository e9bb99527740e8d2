/** The control API, for whoever has the key, beside the traffic to services. */
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { z } from 'zod';
import { requireKey } from '../../feed/service';
import { type CloudRun, Conflict } from './cloud-run';
import { resourceName, serviceSpec, triggerSpec } from './spec';
import { routeTraffic } from './traffic';

const LARGEST_SPEC = 64 * 1024;

/** `/cloudrun/...` and `/run/...`. @param auth the key of OpenWhisk, `UUID:KEY` */
export function routeCloudRun(cloudRun: CloudRun, auth: string): Hono {
  const app = new Hono();
  app.route('/cloudrun', routeControl(cloudRun, auth));
  app.route('/', routeTraffic(cloudRun));
  return app;
}

function routeControl(cloudRun: CloudRun, auth: string): Hono {
  const app = new Hono();
  app.use('*', requireKey(auth), bodyLimit({ maxSize: LARGEST_SPEC }));
  app.onError((error, c) => c.json({ error: error.message }, error instanceof Conflict ? 409 : 500));
  const answerNotFound = (c: Context) => c.json({ error: 'not found' }, 404);
  app.put('/services/:name', async (c) => {
    const { name, spec, problem } = await read(c, serviceSpec);
    if (problem !== undefined) return c.json({ error: problem }, 400);
    await cloudRun.putService(name, spec);
    return c.json({ name, ...spec, url: cloudRun.urlOf(name) });
  });
  app.get('/services/:name', (c) => {
    const name = c.req.param('name');
    const spec = cloudRun.findService(name);
    if (spec === undefined) return answerNotFound(c);
    const instances = cloudRun.findRevision(name)?.instances.map(({ pid }) => pid) ?? [];
    return c.json({ name, ...spec, url: cloudRun.urlOf(name), instances });
  });
  app.delete('/services/:name', async (c) => {
    const name = c.req.param('name');
    return (await cloudRun.deleteService(name)) ? c.json({ name }) : answerNotFound(c);
  });
  app.put('/triggers/:name', async (c) => {
    const { name, spec, problem } = await read(c, triggerSpec);
    if (problem !== undefined) return c.json({ error: problem }, 400);
    await cloudRun.putTrigger(name, spec);
    return c.json({ name, ...spec });
  });
  app.get('/triggers/:name', (c) => {
    const name = c.req.param('name');
    const spec = cloudRun.findTrigger(name);
    return spec === undefined ? answerNotFound(c) : c.json({ name, ...spec });
  });
  app.delete('/triggers/:name', async (c) => {
    const name = c.req.param('name');
    return (await cloudRun.deleteTrigger(name)) ? c.json({ name }) : answerNotFound(c);
  });
  return app;
}

type Read<T> =
  | { readonly name: string; readonly spec: T; readonly problem?: undefined }
  | { readonly name?: undefined; readonly spec?: undefined; readonly problem: string };

async function read<T>(c: Context, schema: z.ZodType<T>): Promise<Read<T>> {
  const name = resourceName.safeParse(c.req.param('name'));
  if (!name.success) return { problem: 'a name must be at most 63 lowercase letters, digits and dashes' };
  const spec = schema.safeParse(await c.req.json().catch(() => undefined));
  if (spec.success) return { name: name.data, spec: spec.data };
  const words = spec.error.issues.map(({ path, message }) => [...path, message].join(': ')).join('; ');
  return { problem: `the body is not valid JSON for this resource: ${words}` };
}
