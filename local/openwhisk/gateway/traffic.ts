/**
 * Live traffic of the APIs: `/api/{tenant}/{base}{path}` to the web action of the operation, called in this process.
 * Nothing is ever forwarded: a target that is no web action of this server is refused, so the gateway is no proxy.
 */
import { errorAnswer, type WebAnswer } from '../web/answer';
import type { Incoming } from '../web/incoming';
import { parseWebActionPath, type WebActionPath } from '../web/path';
import { MalformedEncoding } from '../web/percent-encoding';
import type { WebActions } from '../web/web-actions';
import { REQUEST_PATH } from './api-document';
import type { Backend } from './api-operations';
import type { ApiRegistry } from './api-registry';
import { findResource, type Match, type Resource } from './routes';

/** A request below `/api/{tenant}`. */
export interface GatewayRequest extends Incoming {
  readonly tenant: string;
  /** What follows the tenant, percent-encoded: empty or with a leading slash. */
  readonly gatewayPath: string;
  /** `http://127.0.0.1:3233`, as the caller wrote it. */
  readonly origin: string;
}

const ALL_METHODS = 'GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS';
const CORS_HEADER = /^access-control-(?:allow-(?:origin|methods|headers|credentials)|expose-headers|max-age)$/i;
const REPLACED_HEADER = /^access-control-allow-(?:origin|methods|credentials)$/i;

/** An error of the gateway, which has another form than OpenWhisk's. */
function refusal(status: number, reason: string): WebAnswer {
  const headers: [string, string][] = [['Content-Type', 'application/json; charset=utf-8']];
  return { status, headers, body: JSON.stringify({ status, message: `Error: ${reason}` }) };
}

/** The answer with the gateway's CORS headers in place of the action's, or without any, as the document says. */
function withCors(answer: WebAnswer, resource: Resource, origin: string | undefined): WebAnswer {
  if (resource.cors === undefined) return answer;
  const dropped = resource.cors ? REPLACED_HEADER : CORS_HEADER;
  const headers = answer.headers.filter(([name]) => !dropped.test(name));
  if (!resource.cors) return { ...answer, headers };
  const added: [string, string][] = [
    ['Access-Control-Allow-Origin', origin ?? '*'],
    ['Access-Control-Allow-Methods', ALL_METHODS],
    ['Access-Control-Allow-Credentials', 'true'],
  ];
  return { ...answer, headers: [...headers, ...added] };
}

/** The host of a target URL and its path, as written; undefined when it is no URL. */
function targetParts(targetUrl: string): { readonly host: string; readonly path: string } | undefined {
  const parts = /^https?:\/\/[^/?#]+(\/[^?#]*)/i.exec(targetUrl);
  if (!parts) return undefined;
  try {
    return { host: new URL(targetUrl).host, path: parts[1] ?? '/' };
  } catch {
    return undefined;
  }
}

/** The web action behind a target; a refusal when it is none of this server. */
function targetOf(backend: Backend, match: Match, gatewayPath: string, ownHost: string): WebActionPath | WebAnswer {
  const passesPath = backend.targetUrl.endsWith(REQUEST_PATH);
  const target = targetParts(passesPath ? backend.targetUrl.slice(0, -REQUEST_PATH.length) : backend.targetUrl);
  if (!target || ![...match.resource.api.hosts, ownHost].includes(target.host)) {
    const where = target ? `'${target.host}'` : 'of this operation';
    return refusal(
      502,
      `The target ${where} is not this server, and the gateway forwards to no other. Deploy the API again with the URL of a web action of this server as its target.`,
    );
  }
  const path = `${target.path}${passesPath ? gatewayPath : match.rest}`;
  const action = parseWebActionPath(path);
  return action ?? refusal(502, `The target of this operation is not a web action: '${target.path}'.`);
}

/** Answers traffic. Never rejects. */
export function gatewayTraffic(
  registry: ApiRegistry,
  webActions: WebActions,
  publicUrl: () => string,
): (request: GatewayRequest) => Promise<WebAnswer> {
  async function run(request: GatewayRequest): Promise<WebAnswer> {
    const { gatewayPath, headers } = request;
    const match = findResource(registry.list(request.tenant), gatewayPath);
    if (!match) return refusal(404, 'Not found.');
    const { resource } = match;
    const answered = (answer: WebAnswer) => withCors(answer, resource, headers.origin);
    if (resource.cors && request.method === 'OPTIONS') {
      const requested = headers['access-control-request-headers'];
      return answered({
        status: 200,
        headers: requested === undefined ? [] : [['Access-Control-Allow-Headers', requested]],
      });
    }
    const backend = resource.backends.get(request.method);
    if (!backend) return answered(refusal(404, 'Whoops. Verb not supported.'));
    const target = targetOf(backend, match, gatewayPath, targetParts(`${publicUrl()}/`)?.host ?? '');
    if ('status' in target) return answered(target);
    const query = request.query === '' ? '' : `?${request.query}`;
    const forwarded: [string, string][] = [['x-forwarded-url', `${request.origin}${request.path}${query}`]];
    const answer = await webActions({
      ...request,
      ...target,
      method: backend.method ?? request.method,
      headers: Object.fromEntries([...Object.entries(headers), ...forwarded, ...backend.headers]),
    });
    return answered(answer);
  }

  return async (request) => {
    try {
      return await run(request);
    } catch (error) {
      if (error instanceof MalformedEncoding) return refusal(400, `Illegal request-target: ${error.message}`);
      console.error(`[${request.transactionId}] API gateway:`, error);
      return errorAnswer(500, 'There was an internal server error.', request.transactionId);
    }
  };
}
