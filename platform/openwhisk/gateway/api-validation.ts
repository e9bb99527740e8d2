/**
 * What is refused of a document before it is kept: first OpenWhisk's own rules on path parameters, then those of the
 * API gateway, whose refusals are "Unable to configure the API Gateway (status code 400): ...".
 */
import { isObject, type Json, type JsonObject } from '../../../ground/json';
import { elementsOf, readAt } from '../web/json-value';
import { REQUEST_PATH } from './api-document';
import {
  backendsOf,
  listOperations,
  operationsOf,
  readHeaderPair,
  stepsOf,
  VERBS,
  variablesOf,
} from './api-operations';

/** Names in braces, e.g. `isbn` of `/book/{isbn}`. */
function listParameterNames(path: string): string[] {
  return [...path.matchAll(/\{([^/{}]+)\}/g)].map((match) => match[1] ?? '');
}

/** True when a whole segment is a parameter. */
const hasParameters = (path: string) => path.split('/').some((segment, at) => at > 0 && /^\{[^/]+\}$/.test(segment));

function findPathParameterProblem(document: JsonObject): string | undefined {
  const { basePath } = document;
  if (typeof basePath === 'string' && hasParameters(basePath)) {
    return `The base path (${basePath}) cannot have parameters. Only the relative path supports path parameters.`;
  }
  const backend = backendsOf(document);
  for (const { path, operation } of listOperations(document)) {
    if (!hasParameters(path)) continue;
    const url = readAt(operation, 'x-openwhisk', 'url');
    if (typeof url === 'string' && !url.endsWith('.http')) {
      return "The action must use a response type of '.http' in order to receive the path parameters.";
    }
    const id = readAt(operation, 'operationId');
    const target = backend(id)?.targetUrl;
    if (target !== undefined && !target.endsWith(`.http${REQUEST_PATH}`)) {
      return `The target-url for operationId '${id}' must end in '${REQUEST_PATH}' in order for actions to receive the path parameters.`;
    }
    const shared = elementsOf(readAt(document, 'paths', path, 'parameters'));
    const defined = [...shared, ...elementsOf(readAt(operation, 'parameters'))].map((each) => readAt(each, 'name'));
    const missing = listParameterNames(path).find((name) => !defined.includes(name));
    if (missing !== undefined) {
      return `The parameter '${missing}' defined in path '${path}' does not match any of the parameters defined for the path in the swagger file.`;
    }
  }
  return undefined;
}

function findOperationProblem(document: JsonObject, path: string, item: Json): string | undefined {
  if (path.includes("'")) return 'resource path contains illegal character "\'".';
  if (!path.startsWith('/')) return "Resource path must begin with '/'.";
  const operations = operationsOf(item);
  if (operations.length === 0) return "Missing or empty field 'operations' or in resource path object.";
  const backend = backendsOf(document);
  for (const [verb, operation] of operations) {
    if (!VERBS.has(verb)) return `Resource verb '${verb}' not supported.`;
    const found = backend(readAt(operation, 'operationId'));
    if (!found) return `Missing field 'backendUrl' for '${verb}' operation.`;
    if (found.method !== undefined && !VERBS.has(found.method.toLowerCase())) {
      return `backendMethod '${found.method}' not supported.`;
    }
  }
  return undefined;
}

/** What this gateway cannot set is refused: a backend that is told less than the document says would be worse than none. */
function findUnsupported(document: JsonObject): string | undefined {
  const steps = stepsOf(document);
  const cases = steps.flatMap((step) => elementsOf(readAt(step, 'operation-switch', 'case')));
  const all = [...steps, ...cases.flatMap((each) => elementsOf(readAt(each, 'execute')))];
  const variable = variablesOf(all).find((each) => readHeaderPair(each) === undefined);
  return variable === undefined
    ? undefined
    : `set-variable of '${String(readAt(variable, 'set'))}' is not supported by the gateway of this server, only 'message.headers.NAME'.`;
}

function findGatewayProblem(document: JsonObject): string | undefined {
  const { basePath } = document;
  if (typeof basePath !== 'string') return "Field 'basePath' must be text.";
  if (basePath.includes("'")) return 'basePath contains illegal character "\'".';
  const paths = isObject(document.paths) ? Object.entries(document.paths) : [];
  if (paths.length === 0) return 'Empty resources object.';
  for (const [path, item] of paths) {
    const problem = findOperationProblem(document, path, item);
    if (problem !== undefined) return problem;
  }
  return findUnsupported(document);
}

/** Why a document cannot be kept; undefined when it can. */
export function findDocumentProblem(document: JsonObject): string | undefined {
  if (!Array.isArray(readAt(document, 'x-ibm-configuration', 'assembly', 'execute'))) {
    return "swagger is missing the list 'x-ibm-configuration.assembly.execute', which says what each operation invokes.";
  }
  const problem = findPathParameterProblem(document);
  if (problem !== undefined) return problem;
  const refusal = findGatewayProblem(document);
  return refusal === undefined ? undefined : `Unable to configure the API Gateway (status code 400): ${refusal}`;
}
