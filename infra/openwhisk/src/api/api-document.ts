import type { PropertyRules } from '../entity/entity-difference';
import { canonicalizePath } from '../entity/entity-path';
import { isObject } from '../json';
import type { ApiInputs } from './api-inputs';
import { type Backend, backendOf, readAt } from './backend';

/** What the gateway answers about one API: where it is, and its Swagger document. */
export interface GatewayApi {
  /** `<gateway>/api/<uuid>/<base path>` */
  readonly gwApiUrl: string;
  readonly apidoc: { readonly [key: string]: unknown };
}

/** One operation, as it is served. */
export interface Operation {
  /** Absent when nothing carries its traffic. */
  readonly backend?: Backend;
}

/** How operations are compared. A title that the program leaves open may be anything. */
export const apiProperties: PropertyRules = {
  basePath: { identity: true },
  path: { identity: true },
  verb: { canonical: (value) => (typeof value === 'string' ? value.toLowerCase() : value), identity: true },
  action: { canonical: (value, { namespace }) => canonicalizePath(value, namespace) },
  responseType: { canonical: (value) => value ?? 'json' },
  apiName: {},
  secureKey: {},
};

/** The API of a base path in an answer of `getApi`. */
export function apiIn(answer: unknown, basePath: string): GatewayApi | undefined {
  const apis = isObject(answer) && Array.isArray(answer.apis) ? answer.apis : [];
  return apis
    .map((api: unknown) => (isObject(api) ? parseGatewayApi(api.value) : undefined))
    .find((api) => api?.apidoc.basePath === basePath);
}

/** An answer of `createApi`, or the `value` of one of `getApi`. */
export function parseGatewayApi(value: unknown): GatewayApi | undefined {
  if (!isObject(value) || typeof value.gwApiUrl !== 'string' || !isObject(value.apidoc)) return undefined;
  return { gwApiUrl: value.gwApiUrl, apidoc: value.apidoc };
}

/** Finds an operation in the Swagger document that OpenWhisk's API management keeps: it is there, whoever serves it. */
export function operationIn(api: GatewayApi | undefined, path: string, verb: string): Operation | undefined {
  const operation = readAt(api?.apidoc, 'paths', path, verb.toLowerCase());
  if (!isObject(operation)) return undefined;
  const backend = backendOf(api?.apidoc, operation.operationId);
  return backend === undefined ? {} : { backend };
}

/** The title of an API: the name first given, or the base path. */
export function titleOf(api: GatewayApi | undefined): string | undefined {
  const title = readAt(api?.apidoc, 'info', 'title');
  return typeof title === 'string' ? title : undefined;
}

/** The URL of an operation. */
export function urlOf(api: GatewayApi, path: string): string {
  return `${api.gwApiUrl.replace(/\/+$/, '')}${path}`;
}

/** The inputs that describe an operation as it is served; without an action when nothing serves it. */
export function apiInputsOf(
  { backend }: Operation,
  title: string | undefined,
  previous: ApiInputs,
): Partial<ApiInputs> {
  const { basePath, path, verb } = previous;
  const { namespace: _, ...served } = backend ?? {};
  return {
    ...{ basePath, path, verb },
    ...served,
    ...(previous.apiName !== undefined && title !== undefined && { apiName: title }),
  };
}
