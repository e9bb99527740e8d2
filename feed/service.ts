/** The feed's HTTP: is it well, and which triggers it fires. What the feed action and Kubernetes ask. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import { encodeBasicAuthorization } from '../ground/basic-auth';
import type { FeedState } from './feed';
import type { TriggerName } from './openwhisk';

/** A flow of events to a trigger. */
export interface Flow extends FeedState {
  /** Where they come from: a bucket or a subscription. */
  readonly source: string;
}

/** A flow that cannot be: another bucket or trigger than this service has. The message is for the one who asked. */
export class FlowRefusal extends Error {}

/** The flows of a service. */
export interface Flows {
  /** Starts one, or does nothing when it runs. Resolves when it outlives a restart. @throws FlowRefusal */
  start(trigger: TriggerName, bucket: string): Promise<void>;
  /** Ends one. @returns whether there was one */
  stop(trigger: TriggerName): Promise<boolean>;
  get(trigger: TriggerName): Flow | undefined;
  /** Why the service cannot tell yet which flows there are, or is about to end; undefined when it is ready. */
  explainNotReady(): string | undefined;
}

const request = z.object({ bucket: z.string().min(1) });
const LARGEST_BODY = 64 * 1024;

/**
 * `GET /live`, `GET /ready`; `PUT`, `GET` and `DELETE /triggers/NAMESPACE/NAME`, for whoever has the key.
 * @param auth the key of OpenWhisk, `UUID:KEY`: the feed action passes on what OpenWhisk's feed convention gives it
 */
export function routeFeed(flows: Flows, auth: string): Hono {
  const app = new Hono();
  app.get('/live', (c) => c.json({ live: true }));
  app.get('/ready', (c) => {
    const reason = flows.explainNotReady();
    return reason === undefined ? c.json({ ready: true }) : c.json({ ready: false, reason }, 503);
  });
  app.use('/triggers/*', requireKey(auth), bodyLimit({ maxSize: LARGEST_BODY }));
  app.onError((error, c) => c.json({ error: error.message }, error instanceof FlowRefusal ? 409 : 500));
  const path = '/triggers/:namespace/:name';
  app.put(path, async (c) => {
    const body = request.safeParse(await c.req.json().catch(() => undefined));
    if (!body.success) return c.json({ error: 'the body must be JSON with a bucket: {"bucket": "NAME"}' }, 400);
    await flows.start(readTrigger(c), body.data.bucket);
    return c.json({ trigger: readTrigger(c), ...flows.get(readTrigger(c)) });
  });
  app.get(path, (c) => {
    const flow = flows.get(readTrigger(c));
    return flow === undefined ? answerNoFlow(c) : c.json({ trigger: readTrigger(c), ...flow });
  });
  app.delete(path, async (c) =>
    (await flows.stop(readTrigger(c))) ? c.json({ trigger: readTrigger(c) }) : answerNoFlow(c),
  );
  return app;
}

/** Middleware that lets in who has the key (RFC 7617), and takes as long for a wrong one as for a right one. */
export function requireKey(auth: string) {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const right = digest(encodeBasicAuthorization(auth));
  return async (c: Context, next: () => Promise<void>): Promise<Response | undefined> => {
    if (!timingSafeEqual(right, digest(c.req.header('authorization') ?? ''))) {
      c.header('WWW-Authenticate', 'Basic realm="OpenWhisk"');
      return c.json({ error: "the key must be OpenWhisk's own, as HTTP Basic" }, 401);
    }
    await next();
    return undefined;
  };
}

function readTrigger(c: Context): TriggerName {
  return { namespace: c.req.param('namespace') ?? '', name: c.req.param('name') ?? '' };
}

function answerNoFlow(c: Context): Response {
  return c.json({ error: 'no events flow to this trigger: not found' }, 404);
}
