/**
 * createApi, getApi and deleteApi, as `wsk api` and the `openwhisk` client call them.
 * Failures are 502 with one sentence, as OpenWhisk's route management has it.
 */
import type { Json, JsonObject } from '../../../ground/json';
import type { Identity } from '../core';
import { readAt } from '../web/json-value';
import { addEndpoint, makeDocument, pathsOf, removeEndpoint } from './api-document';
import type { Api, ApiRegistry } from './api-registry';
import { normalizeBasePath } from './api-registry';
import { findDocumentProblem } from './api-validation';
import { InvalidCall, readCreateRequest } from './create-request';

/** A call of one of the three actions. */
export interface ManagementCall {
  /** Query and body, as a web action gets them. */
  readonly payload: JsonObject;
  /** The caller by key; undefined without a valid one. */
  readonly caller: Identity | undefined;
  /** `http://127.0.0.1:3233`, without a slash at the end. */
  readonly publicUrl: string;
}

/** Answers a call with the body of a 200. @throws InvalidCall with the sentence of a 502 */
export type ManagementAction = (registry: ApiRegistry, call: ManagementCall) => Promise<Json>;

/**
 * The tenant of a call: the caller's own UUID. A real OpenWhisk believes whatever `spaceguid` says; here it must be the
 * caller's, or anybody could read and change the APIs of others.
 */
function tenantOf(call: ManagementCall, refusal: string): string {
  const { caller, payload } = call;
  if (!caller || readAt(payload, 'spaceguid') !== caller.uuid) throw new InvalidCall(refusal);
  return caller.uuid;
}

/** How each action begins what it says of a gateway that it cannot ask. */
const FAILURES = {
  createApi: 'API creation failure: Unable to configure the API Gateway: ',
  getApi: 'Unable to obtain Tenant from the API Gateway: ',
  deleteApi: 'API deletion failure: Unable to obtain Tenant from the API Gateway: ',
} as const;

/**
 * Without a token the route management turns to the gateway's first API, of whose URL no installation of OpenWhisk tells it
 * (`gwUrl`): so it says in words of its HTTP client that there is none.
 */
function requireToken(payload: JsonObject, action: keyof typeof FAILURES): void {
  if (readAt(payload, 'accesstoken')) return;
  throw new InvalidCall(`${FAILURES[action]}"Invalid URI \\"undefined/tenants\\""`);
}

/** A parameter as text; undefined when missing or empty. */
function readParameter(payload: JsonObject, name: string): string | undefined {
  const value = readAt(payload, name);
  return value === undefined || value === null || value === '' ? undefined : String(value);
}

/** What the tools are told of an API. */
function describeApi(api: Api, tenant: string, publicUrl: string): JsonObject {
  const base = normalizeBasePath(String(api.document.basePath)).replace(/^\/$/, '');
  return {
    namespace: 'Not Used',
    tenantId: 'Not Used',
    gwApiActivated: true,
    gwApiUrl: `${publicUrl}/api/${tenant}${base}`,
    apidoc: api.document,
  };
}

const createApi: ManagementAction = async (registry, call) => {
  const tenant = tenantOf(call, 'A valid auth key is required.');
  const request = readCreateRequest(call.payload, call.caller?.namespace ?? '_');
  requireToken(call.payload, 'createApi');
  const basePath = normalizeBasePath(request.basePath);
  return registry.change(tenant, async () => {
    const existing = registry.find(tenant, basePath)[0];
    const document =
      'document' in request
        ? request.document
        : addEndpoint(existing?.document ?? makeDocument(request.basePath, request.title), request.endpoint);
    const problem = findDocumentProblem(document);
    if (problem !== undefined) throw new InvalidCall(`API creation failure: ${problem}`);
    const api = { document };
    await registry.put(tenant, api);
    return describeApi(api, tenant, call.publicUrl);
  });
};

/** A whole number from 0; undefined when it is none. */
function count(payload: JsonObject, name: string): number | undefined {
  const text = readParameter(payload, name);
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** Either format gives the same answer, as it does in OpenWhisk. */
function checkOutputFormat(format: Json | undefined): void {
  if (!format || (typeof format === 'string' && ['apigw', 'swagger'].includes(format.toLowerCase()))) return;
  throw new InvalidCall('Invalid outputFormat value. Valid values are: apigw, swagger');
}

const getApi: ManagementAction = async (registry, call) => {
  const tenant = tenantOf(call, 'Invalid authentication.');
  checkOutputFormat(readAt(call.payload, 'outputFormat'));
  requireToken(call.payload, 'getApi');
  const wanted = readParameter(call.payload, 'basepath');
  const found = wanted === undefined ? registry.list(tenant) : registry.find(tenant, wanted);
  const skip = count(call.payload, 'skip') ?? 0;
  const limit = count(call.payload, 'limit') || found.length;
  const apis = found.slice(skip, skip + limit);
  return {
    apis: apis.map((api) => ({ id: 'Not Used', key: 'Not Used', value: describeApi(api, tenant, call.publicUrl) })),
  };
};

const deleteApi: ManagementAction = async (registry, call) => {
  const tenant = tenantOf(call, 'Invalid authentication.');
  const wanted = readParameter(call.payload, 'basepath');
  const path = readParameter(call.payload, 'relpath');
  const verb = readParameter(call.payload, 'operation')?.toLowerCase();
  if (wanted === undefined) throw new InvalidCall('basepath is required.');
  if (path === undefined && verb !== undefined) {
    throw new InvalidCall('When specifying an operation, the path is required.');
  }
  requireToken(call.payload, 'deleteApi');
  return registry.change(tenant, async () => {
    const api = registry.find(tenant, wanted)[0];
    if (!api) throw new InvalidCall(`API deletion failure: API '${wanted}' does not exist.`);
    const document = path === undefined ? undefined : removeEndpoint(api.document, path, verb);
    if (typeof document === 'string') throw new InvalidCall(`API deletion failure: ${document}`);
    if (document && Object.keys(pathsOf(document)).length > 0) await registry.put(tenant, { ...api, document });
    else await registry.delete(tenant, api);
    return {};
  });
};

/** The actions by name. */
export const MANAGEMENT_ACTIONS: ReadonlyMap<string, ManagementAction> = new Map([
  ['createApi', createApi],
  ['getApi', getApi],
  ['deleteApi', deleteApi],
]);
