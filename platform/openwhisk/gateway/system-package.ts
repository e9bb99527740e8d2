/**
 * The package `/whisk.system/apimgmt` as the web-action layer sees it: a core whose only actions are those of the route
 * management, run in this process. Everything about requests and answers is thus as for any web action.
 */
import { randomBytes } from 'node:crypto';
import type { Json, JsonObject } from '../../../ground/json';
import type { Core, Identity, InvocationAnswer, ResolvedAction } from '../core';
import { mapActionLimits } from '../entity/limits';
import { readAt } from '../web/json-value';
import type { ApiRegistry } from './api-registry';
import { InvalidCall } from './create-request';
import { MANAGEMENT_ACTIONS } from './management';

/** The namespace of the package. */
export const SYSTEM_NAMESPACE = 'whisk.system';
const PACKAGE = 'apimgmt';

/** Owns the package; nobody can log in as it. */
const OWNER: Identity = { subject: SYSTEM_NAMESPACE, namespace: SYSTEM_NAMESPACE, uuid: '', key: '' };

function makeSystemAction(name: string): ResolvedAction {
  return {
    path: `${SYSTEM_NAMESPACE}/${PACKAGE}/${name}`,
    name,
    version: '0.0.1',
    annotations: [{ key: 'web-export', value: true }],
    parameters: [],
    limits: mapActionLimits(({ std }) => std),
    kind: 'nodejs:20',
  };
}

/** The payload as a Node.js action gets it, which the route management is: every number a double. */
function roundLikeNodejs(payload: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(payload));
}

/** The core of the system namespace. `publicUrl` has no slash at its end. */
export function makeSystemCore(core: Core, registry: ApiRegistry, publicUrl: () => string): Core {
  async function run(name: string, payload: JsonObject): Promise<Json> {
    const action = MANAGEMENT_ACTIONS.get(name);
    if (!action) throw new InvalidCall(`No such action: ${name}`);
    // The web-action layer sets __ow_user for a valid key only and lets no caller set it.
    const user = readAt(payload, '__ow_user');
    return action(registry, {
      payload: roundLikeNodejs(payload),
      caller: typeof user === 'string' ? core.ownerOf(user) : undefined,
      publicUrl: publicUrl(),
    });
  }

  const message = (statusCode: number, body: Json): JsonObject => ({
    statusCode,
    headers: { 'Content-Type': 'application/json' },
    body,
  });

  return {
    authenticate: (authorization) => core.authenticate(authorization),
    ownerOf: (namespace) => (namespace === SYSTEM_NAMESPACE ? OWNER : undefined),
    findAction: async (_namespace, packageName, name) =>
      packageName === PACKAGE && MANAGEMENT_ACTIONS.has(name) ? makeSystemAction(name) : undefined,
    invoke: async ({ name }, payload): Promise<InvocationAnswer> => {
      const activationId = randomBytes(16).toString('hex');
      try {
        return { activationId, pending: false, statusCode: 0, result: message(200, await run(name, payload)) };
      } catch (error) {
        if (!(error instanceof InvalidCall)) throw error;
        const result = { error: message(502, { error: error.message }) };
        return { activationId, pending: false, statusCode: 1, result };
      }
    },
    apis: core.apis,
  };
}
