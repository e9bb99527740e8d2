import { isObject } from '../json';
import { RESPONSE_TYPES } from './api-inputs';

/** The web action that gets the traffic of an operation. */
export interface Backend {
  /** `/namespace/[package/]name`; the URL itself when it is not that of a web action. */
  readonly action: string;
  readonly namespace?: string;
  readonly responseType?: (typeof RESPONSE_TYPES)[number];
  /** Sent along as `X-Require-Whisk-Auth`. */
  readonly secureKey?: string;
}

const SECURE_KEY = 'message.headers.x-require-whisk-auth';

/** `makeWebActionBackendUrl` of apache/openwhisk; `wskdeploy` puts a second scheme before it. */
const WEB_ACTION = new RegExp(
  `^(?:https?://)+[^/]+/api/v1/web/([^/]+)/([^/]+)/(.+)\\.(${RESPONSE_TYPES.join('|')})(?:\\$\\(request\\.path\\))?$`,
  'i',
);

/**
 * What carries the traffic of an operation: the target of the last case with its id, or the one `invoke` of an assembly
 * without cases. The label `x-openwhisk` beside the operation decides nothing. Undefined when there is no target.
 * Source: `parseBackends` in scripts/lua/management/lib/swagger.lua of apache/openwhisk-apigateway.
 */
export function backendOf(apidoc: unknown, operationId: unknown): Backend | undefined {
  const configuration = readAt(apidoc, 'x-gateway-configuration') ?? readAt(apidoc, 'x-ibm-configuration');
  const steps = list(readAt(configuration, 'assembly', 'execute'));
  const cases = steps.find((step) => readAt(step, 'operation-switch') !== undefined);
  const own = list(readAt(cases, 'operation-switch', 'case')).findLast((one) =>
    list(readAt(one, 'operations')).includes(operationId),
  );
  const invoking = cases === undefined ? steps : list(readAt(own, 'execute'));
  const target = invoking.map((step) => readAt(step, 'invoke', 'target-url')).findLast((url) => url !== undefined);
  if (typeof target !== 'string') return undefined;
  const secureKey = secureKeyIn([...steps, ...invoking]);
  return { ...readTarget(target), ...(secureKey !== undefined && { secureKey }) };
}

function readTarget(target: string): Backend {
  const [, namespace, packageName, name, extension] = WEB_ACTION.exec(target) ?? [];
  // Without its query, which may hold a key.
  if (namespace === undefined || name === undefined) return { action: target.replace(/[?#].*$/s, '') };
  const inPackage = packageName === undefined || packageName === 'default' ? [] : [packageName];
  const responseType = RESPONSE_TYPES.find((type) => type === extension?.toLowerCase());
  const action = `/${[namespace, ...inPackage, name].map(decode).join('/')}`;
  return { action, namespace: decode(namespace), ...(responseType !== undefined && { responseType }) };
}

function secureKeyIn(steps: readonly unknown[]): string | undefined {
  const variables = steps.flatMap((step) => list(readAt(step, 'set-variable', 'actions')));
  const header = variables.findLast((variable) => String(readAt(variable, 'set')).toLowerCase() === SECURE_KEY);
  const value = readAt(header, 'value');
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/** Names of entities have no `%`; a document written by hand may encode the rest. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** The value at a path into a document, undefined where the path leaves it. */
export function readAt(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((current, key) => (isObject(current) ? current[key] : undefined), value);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
