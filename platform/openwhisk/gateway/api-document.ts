/**
 * The description of an API: a Swagger 2.0 document whose `x-ibm-configuration` says which web action each operation
 * invokes. This file knows its shape; it changes documents only by giving new ones back.
 * Source: "Document" in the reference of recorded behaviour, OpenWhisk's route management.
 */
import { isObject, type Json, type JsonObject } from '../../../ground/json';
import { elementsOf, readAt } from '../web/json-value';

/** An operation to be put into a document. */
export interface Endpoint {
  /** Of the API, e.g. `/pdf/{name}`. */
  readonly path: string;
  /** As given, e.g. `POST`. */
  readonly verb: string;
  /** Swagger parameter objects; left out of the document when undefined. */
  readonly parameters: Json | undefined;
  readonly namespace: string;
  /** Empty for the default package. */
  readonly packageName: string;
  readonly action: string;
  /** `http://127.0.0.1:3233`. */
  readonly origin: string;
  /** Extension of the web action: `http`, `json`, ... */
  readonly responseType: string;
  /** Sent to the action as `X-Require-Whisk-Auth`; kept as it was given, a number as a number. */
  readonly secureKey: Json | undefined;
}

/** Stands in a target URL for the path that was asked for. */
export const REQUEST_PATH = '$(request.path)';

/** The header that carries an action's `require-whisk-auth` secret. */
const SECURE_KEY_HEADER = 'X-Require-Whisk-Auth';

/**
 * `postV12Camelcase` for POST `/v1.2/camelCase`: blanks for all but letters, digits, `_` and `-`, then camel case from the
 * first letter or digit of each word (`makeOperationId` of OpenWhisk's route management): `options-X` for OPTIONS `/-x`.
 */
export function makeOperationId(verb: string, path: string): string {
  const words = path.replace(/[^0-9a-z_-]/gi, ' ');
  const capitalised = words.replace(/\w\S*/g, (word) => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase());
  return verb.toLowerCase() + capitalised.replace(/\s/g, '');
}

/** A document without operations. */
export function makeDocument(basePath: string, title: string | undefined): JsonObject {
  return {
    swagger: '2.0',
    info: { title: title || basePath, version: '1.0.0' },
    basePath,
    paths: {},
    'x-ibm-configuration': { assembly: {}, cors: { enabled: true } },
  };
}

/** Steps of the document's assembly; the route management knows no other configuration than this. */
const stepsOf = (document: JsonObject) => elementsOf(readAt(document, 'x-ibm-configuration', 'assembly', 'execute'));

/** The cases of the operation switch among an assembly's steps, in order of creation. */
export function casesOf(steps: readonly Json[]): readonly Json[] {
  const step = steps.find((each) => readAt(each, 'operation-switch') !== undefined);
  return elementsOf(readAt(step, 'operation-switch', 'case'));
}

/** The document with other cases; the operation switch is made when it is missing, all else stays. */
function replaceCases(document: JsonObject, cases: Json[]): JsonObject {
  const configuration = readAt(document, 'x-ibm-configuration');
  const assembly = readAt(configuration, 'assembly');
  const steps = [...elementsOf(readAt(assembly, 'execute'))];
  const index = steps.findIndex((each) => readAt(each, 'operation-switch') !== undefined);
  const old = steps[index];
  const operations = readAt(old, 'operation-switch');
  const step: JsonObject = {
    ...(isObject(old) ? old : {}),
    'operation-switch': { ...(isObject(operations) ? operations : {}), case: cases },
  };
  if (index < 0) steps.push(step);
  else steps[index] = step;
  return {
    ...document,
    'x-ibm-configuration': {
      ...(isObject(configuration) ? configuration : {}),
      assembly: { ...(isObject(assembly) ? assembly : {}), execute: steps },
    },
  };
}

const isCaseOf = (id: string) => (each: Json) => readAt(each, 'operations', 0) === id;

function replacePath(document: JsonObject, path: string, operations: JsonObject | undefined): JsonObject {
  const paths = Object.entries(pathsOf(document));
  const others = paths.map(([key, value]): [string, Json] => [key, key === path && operations ? operations : value]);
  if (operations && !paths.some(([key]) => key === path)) others.push([path, operations]);
  return { ...document, paths: Object.fromEntries(operations ? others : others.filter(([key]) => key !== path)) };
}

/** The paths of a document; none when it has no proper `paths`. */
export function pathsOf(document: JsonObject): JsonObject {
  const paths = readAt(document, 'paths');
  return isObject(paths) ? paths : {};
}

/** The document with an operation more, or with it replaced in its place. */
export function addEndpoint(document: JsonObject, endpoint: Endpoint): JsonObject {
  const { path, namespace, packageName, action, responseType } = endpoint;
  const id = makeOperationId(endpoint.verb, path);
  const url = `${endpoint.origin}/api/v1/web/${namespace}/${packageName || 'default'}/${action}.${responseType}`;
  const target = responseType === 'http' ? `${url}${REQUEST_PATH}` : url;

  const execute: Json[] = [{ invoke: { 'target-url': target, verb: 'keep' } }];
  if (endpoint.secureKey) {
    const set = `message.headers.${SECURE_KEY_HEADER}`;
    execute.push({ 'set-variable': { actions: [{ set, value: endpoint.secureKey }] } });
  }
  const cases = [...casesOf(stepsOf(document))];
  const index = cases.findIndex(isCaseOf(id));
  cases[index < 0 ? cases.length : index] = { operations: [id], execute };

  const operation: JsonObject = {
    operationId: id,
    ...(endpoint.parameters === undefined ? {} : { parameters: endpoint.parameters }),
    'x-openwhisk': { url, namespace, package: packageName, action },
    responses: { default: { description: 'Default response' } },
  };
  const operations = readAt(document, 'paths', path);
  const all = { ...(isObject(operations) ? operations : {}), [endpoint.verb.toLowerCase()]: operation };
  return replaceCases(replacePath(document, path, all), cases);
}

/**
 * The document without a path, or without one operation (`verb` in lower case) of it.
 * @returns the reason, as text, when there is no such thing
 */
export function removeEndpoint(document: JsonObject, path: string, verb: string | undefined): JsonObject | string {
  const operations = readAt(document, 'paths', path);
  if (verb === undefined) {
    if (!isObject(operations)) return `path '${path}' does not exist in the API`;
    const ids = new Set(Object.keys(operations).map((each) => makeOperationId(each, path)));
    const kept = casesOf(stepsOf(document)).filter((each) => !ids.has(String(readAt(each, 'operations', 0))));
    return replaceCases(replacePath(document, path, undefined), kept);
  }
  if (!isObject(operations) || readAt(operations, verb) === undefined) {
    return `path '${path}' with operation '${verb}' does not exist in the API`;
  }
  const { [verb]: _removed, ...others } = operations;
  const rest = Object.keys(others).length === 0 ? undefined : others;
  const cases = casesOf(stepsOf(document));
  const index = cases.findIndex(isCaseOf(makeOperationId(verb, path)));
  const kept = cases.filter((_, at) => at !== index);
  return replaceCases(replacePath(document, path, rest), kept);
}
