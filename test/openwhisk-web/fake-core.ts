/** A core without store or invoker: actions are functions of this process. For tests of `web/` and `gateway/` alone. */
import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import type { Json, JsonObject } from '../../ground/json';
import type { Core, Identity, KeyValue, ResolvedAction } from '../../platform/openwhisk/core';
import { mountGateway } from '../../platform/openwhisk/gateway/mount-gateway';
import { mountHearingOut } from '../../platform/openwhisk/hear-out';
import type { ServerEnv } from '../../platform/openwhisk/http-request';
import { mountWebActions } from '../../platform/openwhisk/web/mount-web-actions';

export const GUEST: Identity = {
  subject: 'guest',
  namespace: 'guest',
  uuid: '23bc46b1-71f6-4ed5-8c54-816aa4f8c502',
  key: 'secret',
};
export const OTHER: Identity = {
  subject: 'other',
  namespace: 'other',
  uuid: '00000000-0000-4000-8000-000000000001',
  key: 'secret2',
};
export const ORIGIN = 'http://127.0.0.1:3233';

/** The header that proves an identity. */
export const basic = (who: Identity) => `Basic ${Buffer.from(`${who.uuid}:${who.key}`).toString('base64')}`;

/** What an action function may give; a bare value is a success. */
export interface Ending {
  readonly statusCode: 0 | 1 | 2 | 3;
  readonly result: Json;
}

/** An action of the fake: `guest/name` or `guest/package/name`. */
export interface FakeAction {
  readonly run: (payload: JsonObject) => Json | Ending;
  readonly annotations?: JsonObject;
  readonly parameters?: JsonObject;
}

const pairs = (object: JsonObject = {}): KeyValue[] => Object.entries(object).map(([key, value]) => ({ key, value }));

const isEnding = (value: Json | Ending): value is Ending =>
  typeof value === 'object' && value !== null && 'result' in value && 'statusCode' in value;

export class FakeCore implements Core {
  /** What actions were called with, newest last. */
  readonly payloads: JsonObject[] = [];
  private readonly stored = new Map<string, { tenant: string; document: JsonObject }>();

  constructor(private readonly actions: Readonly<Record<string, FakeAction>>) {}

  authenticate(authorization: string | undefined): Identity | undefined {
    return [GUEST, OTHER].find((who) => basic(who) === authorization);
  }

  ownerOf(namespace: string): Identity | undefined {
    return [GUEST, OTHER].find((who) => who.namespace === namespace);
  }

  async findAction(
    namespace: string,
    packageName: string | undefined,
    name: string,
  ): Promise<ResolvedAction | undefined> {
    const path = [namespace, packageName, name].filter((part) => part !== undefined).join('/');
    const action = Object.hasOwn(this.actions, path) ? this.actions[path] : undefined;
    return (
      action && {
        path,
        name,
        version: '0.0.1',
        annotations: pairs({ 'web-export': true, ...action.annotations }),
        parameters: pairs(action.parameters),
        limits: { timeout: 60_000, memory: 256, logs: 10, concurrency: 1 },
        kind: 'nodejs:20',
      }
    );
  }

  async invoke(action: ResolvedAction, payload: JsonObject) {
    this.payloads.push(payload);
    const ending = this.actions[action.path]?.run(payload) ?? null;
    const { statusCode, result } =
      isEnding(ending) && !('body' in ending) ? ending : { statusCode: 0 as const, result: ending };
    return {
      activationId: randomBytes(16).toString('hex'),
      pending: false as const,
      statusCode,
      result: result as Json,
    };
  }

  readonly apis: Core['apis'] = {
    list: (tenant) => [...this.stored.values()].filter((api) => api.tenant === tenant).map((api) => api.document),
    put: async (tenant, basePath, document) => {
      await Promise.resolve();
      this.stored.set(`${tenant} ${basePath}`, { tenant, document });
    },
    delete: async (tenant, basePath) => {
      this.stored.delete(`${tenant} ${basePath}`);
    },
  };
}

/** An app with web actions and the gateway, and its core. */
export function appWith(actions: Readonly<Record<string, FakeAction>>): { app: Hono<ServerEnv>; core: FakeCore } {
  const core = new FakeCore(actions);
  const app = new Hono<ServerEnv>();
  mountHearingOut(app);
  // The server's own ids come and go by Node.js's requests; here there are none.
  app.use((c, next) => {
    c.set('transactionId', randomBytes(16).toString('hex'));
    return next();
  });
  mountWebActions(app, core);
  mountGateway(app, core, () => ORIGIN);
  return { app, core };
}

/** The parsed body of a response. */
export const jsonOf = async (response: Response | Promise<Response>): Promise<JsonObject> =>
  JSON.parse(await (await response).text());
