import { canonicalPath } from '../entity/path';
import { isObject } from '../json';
import type { PropertyRules } from '../provider/difference';
import { type ApiInputs, RESPONSE_TYPES } from './inputs';

/** What the gateway answers about one API: where it is, and its Swagger document. */
export interface GatewayApi {
  /** `<gateway>/api/<uuid>/<base path>` */
  readonly gwApiUrl: string;
  readonly apidoc: { readonly [key: string]: unknown };
}

/** One operation, read out of a Swagger document. */
export interface Operation {
  readonly namespace: string;
  /** `/namespace/[package/]name` */
  readonly action: string;
  readonly responseType: (typeof RESPONSE_TYPES)[number];
  readonly secureKey?: string;
}

/** How operations are compared. A title that the program leaves open may be anything. */
export const apiProperties: PropertyRules = {
  basePath: { identity: true },
  path: { identity: true },
  verb: { canonical: (value) => (typeof value === 'string' ? value.toLowerCase() : value), identity: true },
  action: { canonical: (value, { namespace }) => canonicalPath(value, namespace) },
  responseType: { canonical: (value) => value ?? 'json' },
  apiName: {},
  secureKey: {},
};

/** The API of a base path in an answer of `getApi`. */
export function apiIn(answer: unknown, basePath: string): GatewayApi | undefined {
  const apis = isObject(answer) && Array.isArray(answer.apis) ? answer.apis : [];
  return apis
    .map((api: unknown) => (isObject(api) ? gatewayApi(api.value) : undefined))
    .find((api) => api?.apidoc.basePath === basePath);
}

/** An answer of `createApi`, or the `value` of one of `getApi`. */
export function gatewayApi(value: unknown): GatewayApi | undefined {
  if (!isObject(value) || typeof value.gwApiUrl !== 'string' || !isObject(value.apidoc)) return undefined;
  return { gwApiUrl: value.gwApiUrl, apidoc: value.apidoc };
}

/**
 * Finds an operation in the Swagger document that OpenWhisk's API management keeps: `paths[path][verb]` names the
 * action, and the case of its `operationId` in `x-ibm-configuration` holds the secret sent along.
 */
export function operationIn(api: GatewayApi | undefined, path: string, verb: string): Operation | undefined {
  const operation = at(api?.apidoc, 'paths', path, verb.toLowerCase());
  const target = at(operation, 'x-openwhisk');
  if (!isObject(target)) return undefined;
  const parts = [target.namespace, target.package, target.action].filter((part) => part !== '' && part !== undefined);
  const secureKey = secureKeyOf(api?.apidoc, at(operation, 'operationId'));
  return {
    namespace: String(target.namespace),
    action: `/${parts.join('/')}`,
    responseType: RESPONSE_TYPES.find((type) => String(target.url).endsWith(`.${type}`)) ?? 'json',
    ...(secureKey !== undefined && { secureKey }),
  };
}

/** The title of an API: the name first given, or the base path. */
export function titleOf(api: GatewayApi | undefined): string | undefined {
  const title = at(api?.apidoc, 'info', 'title');
  return typeof title === 'string' ? title : undefined;
}

/** The URL of an operation. */
export function urlOf(api: GatewayApi, path: string): string {
  return `${api.gwApiUrl.replace(/\/+$/, '')}${path}`;
}

/** The inputs that describe an operation as it is. */
export function apiInputsOf(operation: Operation, title: string | undefined, previous: ApiInputs): Partial<ApiInputs> {
  const { basePath, path, verb } = previous;
  const { action, responseType, secureKey } = operation;
  return {
    ...{ basePath, path, verb, action, responseType },
    ...(secureKey !== undefined && { secureKey }),
    ...(previous.apiName !== undefined && title !== undefined && { apiName: title }),
  };
}

function secureKeyOf(apidoc: unknown, operationId: unknown): string | undefined {
  const execute = at(apidoc, 'x-ibm-configuration', 'assembly', 'execute');
  const cases = list(execute).flatMap((step) => list(at(step, 'operation-switch', 'case')));
  const own = cases.find((one) => list(at(one, 'operations')).includes(operationId));
  const actions = list(at(own, 'execute')).flatMap((step) => list(at(step, 'set-variable', 'actions')));
  const header = actions.find((action) => at(action, 'set') === 'message.headers.X-Require-Whisk-Auth');
  const value = at(header, 'value');
  return typeof value === 'string' ? value : undefined;
}

function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((current, key) => (isObject(current) ? current[key] : undefined), value);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
