import type openwhisk from 'openwhisk';
import { namespaceOf, toHostUrl } from '../connection/connection';
import { openClient } from '../connection/openwhisk-client';
import { pick } from '../dynamic/check-inputs';
import { asDocument, type EntityDocument, toObject } from '../entity/entity-document';
import { findEntity } from '../entity/lifecycle';
import { type JsonObject, withoutUndefined } from '../json';
import type { Doing } from '../request/explain';
import type { ActionDocument } from './action-document';
import { type ActionInputs, type ActionOutputs, actionSchema } from './action-inputs';

const INPUTS = Object.keys(actionSchema.shape);

/** The single requests about one action; nothing is tried again here. */
export function makeRequests(inputs: ActionInputs) {
  const { actions } = openClient(inputs.connection);
  const name = qualify(inputs);
  return {
    get: async (code: boolean) => {
      const options = { name, code }; // `code` is a query parameter that the client's types leave out
      return asDocument<ActionDocument>(await actions.get(options));
    },
    put: async (body: object, overwrite: boolean) => {
      // An object is sent as it is; the client's type for it is that of a GET.
      const action = body as unknown as openwhisk.Action;
      return asDocument<ActionDocument>(await actions.create({ name, action, overwrite }));
    },
  };
}

/** `package/name`, or `name` outside of packages. */
export function qualify(inputs: ActionInputs): string {
  return inputs.package === undefined ? inputs.name : `${inputs.package}/${inputs.name}`;
}

/** Parameters that the action has from its package. */
export async function readInherited(inputs: ActionInputs): Promise<JsonObject> {
  const { package: name, connection } = inputs;
  if (name === undefined) return {};
  const { packages } = openClient(connection);
  return toObject((await findEntity(async () => asDocument<EntityDocument>(await packages.get({ name }))))?.parameters);
}

/** Id and outputs: the inputs without source text, and what OpenWhisk told. */
export function makeResult(
  inputs: ActionInputs,
  document: ActionDocument | undefined,
): { id: string; outs: Omit<ActionOutputs, 'url'> & { url?: string } } {
  const namespace = document?.namespace.split('/')[0] ?? namespaceOf(inputs.connection);
  const { source: _, ...code } = inputs.code ?? {};
  const outs = {
    ...(pick(inputs, INPUTS) as unknown as ActionInputs),
    ...(inputs.code !== undefined && { code }),
    namespace,
    version: document?.version,
    updated: document?.updated,
    url: (inputs.web ?? 'off') === 'off' ? undefined : makeWebUrl(inputs, namespace),
  };
  return { id: `/${namespace}/${qualify(inputs)}`, outs: withoutUndefined(outs) as ActionOutputs };
}

/** What to say in an error about the action. */
export function describeStep(verb: string, inputs: ActionInputs): Doing {
  const { connection, parameters, webSecret } = inputs;
  return { verb, what: `action "${qualify(inputs)}"`, connection, hide: [parameters, webSecret] };
}

/** Web actions of no package are addressed as if they were in one named `default`. */
function makeWebUrl(inputs: ActionInputs, namespace: string): string {
  const place = [namespace, inputs.package ?? 'default', inputs.name].map(encodeURIComponent).join('/');
  return `${toHostUrl(inputs.connection.apihost)}/api/v1/web/${place}`;
}
