/** Reads the `apidoc` of a createApi call; every refusal is one sentence, in OpenWhisk's order and words. */
import { isObject, type Json, type JsonObject } from '../../../ground/json';
import { EXTENSIONS } from '../web/extensions';
import { readAt } from '../web/json-value';
import type { Endpoint } from './api-document';

/** What to do: replace an API by a document, or put one operation into it. */
export type CreateRequest =
  | { readonly basePath: string; readonly document: JsonObject }
  | { readonly basePath: string; readonly title: string | undefined; readonly endpoint: Endpoint };

/** A call that cannot be understood; the message is the whole answer. */
export class InvalidCall extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InvalidCall';
  }
}

/** Protocol and host of a web action's URL. */
const WEB_ACTION_URL = /^(\w+:\/\/[:/\w.[\]-]+)\/api\/v\d\/web\/[^/]+\/[^/]+\/.+\.\w+/;

/** A field that may come as an object or as its JSON text. */
function readObjectOrText(value: Json, field: string): JsonObject {
  let parsed = value;
  if (typeof value === 'string') {
    try {
      parsed = JSON.parse(value);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw new InvalidCall(`${field} field cannot be parsed. Ensure it is valid JSON.`);
    }
  }
  if (!isObject(parsed)) {
    const type = Array.isArray(parsed) ? 'array' : typeof parsed;
    throw new InvalidCall(
      field === 'apidoc'
        ? `apidoc field is of type ${type} and should be a JSON object or a JSON string.`
        : `${field} field is ${type} and should be an object or a JSON string.`,
    );
  }
  return parsed;
}

/** A field that must be there; `stop` is the full stop that some of OpenWhisk's sentences have. */
function requireMember(object: Json | undefined, name: string, field: string, stop = ''): Json {
  const value = readAt(object, field);
  if (!value) throw new InvalidCall(`${name} is missing the ${field} field${stop}`);
  return value;
}

function requireText(value: Json, name: string): string {
  if (typeof value !== 'string') throw new InvalidCall(`${name} must be text.`);
  return value;
}

function readDocumentRequest(swagger: Json): CreateRequest {
  const document = readObjectOrText(swagger, 'swagger');
  const basePath = requireText(requireMember(document, 'swagger', 'basePath', '.'), 'basePath of swagger');
  requireMember(document, 'swagger', 'paths', '.');
  requireMember(document, 'swagger', 'info', '.');
  return { basePath, document };
}

/** The response type of a call: an extension that web actions have; another one would be a route to nothing. */
function responseTypeOf(payload: JsonObject): string {
  const type = readAt(payload, 'responsetype') || 'json';
  if (typeof type === 'string' && EXTENSIONS.includes(`.${type}`)) return type;
  const valid = EXTENSIONS.map((extension) => extension.slice(1)).join(', ');
  throw new InvalidCall(
    `API creation failure: Response type '${type}' is not supported. Possible values are ${valid}.`,
  );
}

function endpointOf(apidoc: JsonObject, responseType: string, user: string): Endpoint {
  const path = requireMember(apidoc, 'apidoc', 'gatewayPath');
  const verb = requireMember(apidoc, 'apidoc', 'gatewayMethod');
  const action = requireMember(apidoc, 'apidoc', 'action', '.');
  requireMember(action, 'action', 'backendMethod', '.');
  const backendUrl = requireText(requireMember(action, 'action', 'backendUrl', '.'), 'backendUrl of action');
  const namespace = requireText(requireMember(action, 'action', 'namespace', '.'), 'namespace of action');
  const name = requireText(requireMember(action, 'action', 'name', '.'), 'name of action');
  requireMember(action, 'action', 'authkey', '.');

  const origin = WEB_ACTION_URL.exec(backendUrl)?.[1];
  if (origin === undefined) {
    throw new InvalidCall(
      `API creation failure: API swagger generation error: '${backendUrl}' is not the URL of a web action.`,
    );
  }
  const parts = name.replace(/^\//, '').split('/');
  const [packageName = '', actionName = ''] = parts.length === 1 ? ['', parts[0]] : parts.slice(-2);
  const secureKey = readAt(action, 'secureKey');
  return {
    path: requireText(path, 'gatewayPath of apidoc'),
    verb: requireText(verb, 'gatewayMethod of apidoc'),
    parameters: readAt(apidoc, 'pathParameters'),
    namespace: namespace === '_' ? user : namespace,
    packageName,
    action: actionName,
    origin,
    responseType,
    secureKey: secureKey || undefined,
  };
}

/**
 * Reads a call.
 * @param user the caller's namespace, for which `_` stands
 * @throws InvalidCall
 */
export function readCreateRequest(payload: JsonObject, user: string): CreateRequest {
  const given = readAt(payload, 'apidoc');
  if (!given) throw new InvalidCall('apidoc is required.');
  const apidoc = readObjectOrText(given, 'apidoc');
  requireMember(apidoc, 'apidoc', 'namespace');
  const swagger = readAt(apidoc, 'swagger');
  if (swagger) {
    if (!readAt(apidoc, 'gatewayBasePath')) return readDocumentRequest(swagger);
    throw new InvalidCall('swagger and gatewayBasePath are mutually exclusive and cannot be specified together.');
  }
  const basePath = requireMember(apidoc, 'apidoc', 'gatewayBasePath');
  const endpoint = endpointOf(apidoc, responseTypeOf(payload), user);
  const title = readAt(apidoc, 'apiName');
  return {
    basePath: requireText(basePath, 'gatewayBasePath of apidoc'),
    title: typeof title === 'string' ? title : undefined,
    endpoint,
  };
}
