/**
 * What a web action is told of a request: the `__ow_*` properties, over them the query, over that the body.
 * Source: "Web Actions" of OpenWhisk's documentation (`HTTP Context`) and the recorded `web-*` cases.
 */
import type { Buffer } from 'node:buffer';
import { isObject, type Json, type JsonObject } from '../../../ground/json';
import { Base64Text } from '../../../ground/json-parts';
import type { ResolvedAction } from '../core';
import { findValue, listFinalParameters } from '../entity/parameters';
import { parseJson } from './json-value';
import { isBinary, isJsonFamily, parseMediaType } from './media-type';
import { normalizePath, parseQuery } from './percent-encoding';
import type { WebRequest } from './request';

/** Names a caller may never set. */
const RESERVED = ['method', 'headers', 'path', 'user', 'query', 'body'].map((name) => `__ow_${name}`);

/** Belong to the transport and not to the request; OpenWhisk does not hand them on. */
const TRANSPORT_HEADERS = new Set(['content-length', 'transfer-encoding']);

const OCTETS = { essence: 'application/octet-stream', parameters: '', charset: undefined };

/**
 * A body as the action gets it; undefined when there is none.
 * JSON is parsed and a form becomes an object unless `raw`; other text stays text; binary types are base64.
 * @throws MalformedJson, MalformedEncoding
 */
function interpretBody(bytes: Buffer, contentType: string | undefined, raw: boolean): Json | undefined {
  if (bytes.length === 0 && contentType === undefined) return undefined;
  const type = (contentType === undefined ? undefined : parseMediaType(contentType)) ?? OCTETS;
  if (!raw && isJsonFamily(type)) {
    // A byte order mark is not JSON, but it is what some editors put in front.
    return bytes.length === 0 ? undefined : parseJson(bytes.toString('utf8').replace(/^\ufeff/, ''));
  }
  if (!raw && type.essence === 'application/x-www-form-urlencoded') {
    return Object.fromEntries(parseQuery(bytes.toString('utf8')));
  }
  const base64 = isBinary(type) || type.essence === 'application/json';
  return base64 && bytes.length > 0 ? new Base64Text(bytes) : bytes.toString('utf8');
}

/** The caller's headers as `__ow_headers`; a body without a type is `application/octet-stream`. */
function makeHeadersArgument(request: WebRequest, bodyLength: number): JsonObject {
  const headers = Object.entries(request.headers).filter(([name]) => !TRANSPORT_HEADERS.has(name));
  if (bodyLength > 0 && request.headers['content-type'] === undefined) {
    headers.push(['content-type', 'application/octet-stream']);
  }
  return Object.fromEntries(headers);
}

/**
 * The argument of the action.
 * @returns undefined when query or body set a reserved or final parameter.
 * @throws MalformedJson, MalformedEncoding
 */
export function makeActionArgument(
  request: WebRequest,
  action: ResolvedAction,
  bytes: Buffer,
  user: string | undefined,
): JsonObject | undefined {
  const raw = findValue(action.annotations, 'raw-http') === true;
  const body = interpretBody(bytes, request.headers['content-type'], raw);
  const context: [string, Json][] = [
    ['__ow_method', request.method.toLowerCase()],
    ['__ow_headers', makeHeadersArgument(request, bytes.length)],
    ['__ow_path', normalizePath(request.path)],
  ];
  if (user !== undefined) context.push(['__ow_user', user]);
  if (raw) {
    return Object.fromEntries([...context, ['__ow_query', request.query], ['__ow_body', body ?? '']]);
  }

  const query = parseQuery(request.query);
  const fields = isObject(body) ? Object.entries(body) : [];
  const forbidden = new Set([...RESERVED, ...listFinalParameters(action.parameters, action.annotations)]);
  if ([...query, ...fields].some(([name]) => forbidden.has(name))) return undefined;

  const opaque: [string, Json][] = body === undefined || isObject(body) ? [] : [['__ow_body', body]];
  // Object.fromEntries defines properties, so a parameter named __proto__ is one like any other.
  return Object.fromEntries([...context, ...query, ...fields, ...opaque]);
}
