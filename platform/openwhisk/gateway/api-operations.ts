/** What a document says of one operation at traffic time: whom to invoke, with which method and headers. */
import { isObject, type Json, type JsonObject } from '../../../ground/json';
import { elementsOf, readAt } from '../web/json-value';
import { TOKEN } from '../web/media-type';
import { casesOf, pathsOf } from './api-document';

/** Verbs a gateway serves, in lower case as documents have them. */
export const VERBS: ReadonlySet<string> = new Set(['get', 'post', 'put', 'delete', 'patch', 'head', 'options']);

/** How an operation is carried out. */
export interface Backend {
  readonly targetUrl: string;
  /** In upper case; undefined keeps the caller's. */
  readonly method: string | undefined;
  /** Set over the caller's, names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

const HEADER_VARIABLE = new RegExp(`^message\\.headers\\.(${TOKEN})$`);

/** `set-variable` of a header, as `[name, value]`; undefined when it sets anything else. */
export function readHeaderPair(action: Json): readonly [name: string, value: string] | undefined {
  const name = HEADER_VARIABLE.exec(String(readAt(action, 'set')))?.[1];
  const value = readAt(action, 'value');
  if (name === undefined || (typeof value !== 'string' && typeof value !== 'number')) return undefined;
  return [name.toLowerCase(), String(value)];
}

/** All `set-variable` actions among some steps. */
export function variablesOf(steps: readonly Json[]): readonly Json[] {
  return steps.flatMap((step) => elementsOf(readAt(step, 'set-variable', 'actions')));
}

function backendOf(steps: readonly Json[], variables: readonly Json[]): Backend | undefined {
  const invoke = steps.map((step) => readAt(step, 'invoke')).findLast((each) => each !== undefined);
  const targetUrl = readAt(invoke, 'target-url');
  if (typeof targetUrl !== 'string') return undefined;
  const verb = readAt(invoke, 'verb');
  return {
    targetUrl,
    method: typeof verb === 'string' && verb !== 'keep' ? verb.toUpperCase() : undefined,
    headers: variables.map(readHeaderPair).filter((each) => each !== undefined),
  };
}

/** What the gateway goes by: its own configuration where a document has one, else IBM's. */
function configurationOf(document: JsonObject): Json | undefined {
  return readAt(document, 'x-gateway-configuration') ?? readAt(document, 'x-ibm-configuration');
}

/** The steps of the assembly that the gateway goes by. */
export function stepsOf(document: JsonObject): readonly Json[] {
  return elementsOf(readAt(configurationOf(document), 'assembly', 'execute'));
}

/** The backends of a document by operation id; one for all when the assembly invokes without an operation switch. */
export function backendsOf(document: JsonObject): (operationId: Json | undefined) => Backend | undefined {
  const steps = stepsOf(document);
  const shared = variablesOf(steps);
  const everything = steps.some((step) => readAt(step, 'operation-switch') !== undefined)
    ? undefined
    : backendOf(steps, shared);
  const byOperation = new Map<Json, Backend>();
  for (const each of casesOf(steps)) {
    const execute = elementsOf(readAt(each, 'execute'));
    const backend = backendOf(execute, [...shared, ...variablesOf(execute)]);
    for (const id of elementsOf(readAt(each, 'operations'))) if (backend) byOperation.set(id, backend);
  }
  return (id) => everything ?? (id === undefined ? undefined : byOperation.get(id));
}

/** The operations of a path item, `[verb in lower case, operation]`; `parameters` and extensions are none. */
export function operationsOf(pathItem: Json | undefined): readonly [verb: string, operation: Json][] {
  if (!isObject(pathItem)) return [];
  return Object.entries(pathItem)
    .filter(([key]) => key !== 'parameters' && !key.startsWith('x-'))
    .map(([key, operation]) => [key.toLowerCase(), operation]);
}

/** Whether the gateway answers preflights and adds CORS headers, forbids them, or leaves them to the action. */
export function corsOf(document: JsonObject): boolean | undefined {
  const enabled = readAt(configurationOf(document), 'cors', 'enabled');
  return typeof enabled === 'boolean' ? enabled : undefined;
}

/** All operations of a document, with their paths. */
export function listOperations(document: JsonObject): readonly { path: string; verb: string; operation: Json }[] {
  return Object.entries(pathsOf(document)).flatMap(([path, item]) =>
    operationsOf(item).map(([verb, operation]) => ({ path, verb, operation })),
  );
}
