/** Calls of the route management, as `wsk` makes them. */
import type { Hono } from 'hono';
import type { Json, JsonObject } from '../../ground/json';
import type { Identity } from '../../platform/openwhisk/core';
import type { ServerEnv } from '../../platform/openwhisk/http-request';
import { basic, GUEST, ORIGIN } from './fake-core';

/** What an operation is made of. */
export interface Operation {
  readonly base?: string;
  readonly path: string;
  readonly verb?: string;
  /** `pkg/act` or `act`. */
  readonly action?: string;
  readonly type?: string;
  readonly secureKey?: string;
  readonly name?: string;
}

const HOST = new URL(ORIGIN).host;

/** An `apidoc` of `wsk api create`. */
export function apidoc({ base = '/b', path, verb = 'get', action = 'echo', secureKey, name }: Operation): JsonObject {
  const place = action.includes('/') ? action : `default/${action}`;
  const names = [...path.matchAll(/\{([^}]+)\}/g)].map((match) => String(match[1]));
  return {
    namespace: '_',
    gatewayBasePath: base,
    gatewayPath: path,
    gatewayMethod: verb,
    id: `API:_:${base}`,
    action: {
      name: action,
      namespace: '_',
      backendMethod: verb,
      backendUrl: `${ORIGIN}/api/v1/web/_/${place}.http`,
      authkey: `${GUEST.uuid}:${GUEST.key}`,
      ...(secureKey === undefined ? {} : { secureKey }),
    },
    ...(name === undefined ? {} : { apiName: name }),
    ...(names.length === 0
      ? {}
      : { pathParameters: names.map((each) => ({ name: each, in: 'path', type: 'string' })) }),
  };
}

/** The calls, by a caller who is `who` and says to be the tenant `spaceguid`. */
export function managementOf(app: Hono<ServerEnv>, who: Identity | null = GUEST, spaceguid: string = GUEST.uuid) {
  const call = async (verb: string, action: string, query: Record<string, string>, body?: Json) => {
    const search = new URLSearchParams({ accesstoken: 'DUMMY TOKEN', spaceguid, ...query });
    const response = await app.request(`${ORIGIN}/api/v1/web/whisk.system/apimgmt/${action}.http?${search}`, {
      method: verb,
      headers: {
        host: HOST,
        ...(who && { authorization: basic(who) }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: JSON.parse(await response.text()) };
  };
  return {
    call,
    create: (operation: Operation) =>
      call('POST', 'createApi', { responsetype: operation.type ?? 'json' }, { apidoc: apidoc(operation) }),
    createFrom: (swagger: Json) => call('POST', 'createApi', {}, { apidoc: { namespace: '_', swagger } }),
    get: (query: Record<string, string> = {}) => call('GET', 'getApi', query),
    remove: (query: Record<string, string>) => call('DELETE', 'deleteApi', query),
  };
}

/** A Swagger document with one operation, GET `/one`, and its target. */
export function swagger(target: string, changes: JsonObject = {}): JsonObject {
  return {
    swagger: '2.0',
    info: { title: 'from file', version: '2.1.0' },
    basePath: '/b',
    paths: { '/one': { get: { operationId: 'getOne', responses: { default: { description: 'x' } } } } },
    'x-ibm-configuration': {
      assembly: {
        execute: [
          {
            'operation-switch': {
              case: [{ operations: ['getOne'], execute: [{ invoke: { 'target-url': target, verb: 'keep' } }] }],
            },
          },
        ],
      },
      cors: { enabled: true },
    },
    ...changes,
  };
}
