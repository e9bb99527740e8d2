/**
 * Live traffic of the APIs: `/api/{tenant}/{base}{path}` to the web action of the operation, called in this process.
 * Nothing is ever forwarded: a target is a web action of this server, whatever its host, or refused. So the gateway is no
 * proxy.
 */
import { prefersHtml } from '../../browser/prefers-html';
import type { Core } from '../core';
import { answerError, type WebAnswer } from '../web/answer';
import type { Incoming } from '../web/incoming';
import { parseWebActionPath, type WebActionPath } from '../web/path';
import { MalformedEncoding } from '../web/percent-encoding';
import type { WebActions } from '../web/web-actions';
import { denyBySecurity, RateLimits } from './admission';
import { REQUEST_PATH } from './api-document';
import type { Backend } from './api-operations';
import type { ApiRegistry } from './api-registry';
import { explainApi } from './explain';
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

/** The most bytes of a request, which the gateway's nginx itself looks at (`client_max_body_size` of managed_endpoints.conf). */
const MAX_BODY = 5 * 1024 * 1024;

/** What nginx answers to more, whatever the path: no JSON, and nothing for a script of another origin. */
const TOO_LARGE: WebAnswer = {
  status: 413,
  headers: [['Content-Type', 'text/html']],
  body: [
    '<html>',
    '<head><title>413 Request Entity Too Large</title></head>',
    '<body>',
    '<center><h1>413 Request Entity Too Large</h1></center>',
    '<hr><center>nginx</center>',
    '</body>',
    '</html>',
    '',
  ].join('\r\n'),
};

/** An error of the gateway, which has another form than OpenWhisk's. */
function refuse(status: number, reason: string): WebAnswer {
  const headers: [string, string][] = [['Content-Type', 'application/json; charset=utf-8']];
  return { status, headers, body: JSON.stringify({ status, message: `Error: ${reason}` }) };
}

/** The answer with the gateway's CORS headers in place of the action's, or without any, as the document says. */
function addCors(answer: WebAnswer, resource: Resource, origin: string | undefined): WebAnswer {
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

/**
 * The path of a target URL. Its host does not count, nor a scheme too many or none at all: as with `BACKEND_HOST` of
 * OpenWhisk's chart, every target is this server's own. wskdeploy, for one, writes `https://` before an API host that has a
 * scheme already.
 */
function pathOf(targetUrl: string): string {
  return /^(?:[a-z][a-z0-9+.-]*:\/\/)*[^/?#]+(\/[^?#]*)/i.exec(targetUrl)?.[1] ?? '';
}

/** The web action behind a target; a refusal when it is none. */
function targetOf(backend: Backend, match: Match, gatewayPath: string): WebActionPath | WebAnswer {
  const passesPath = backend.targetUrl.endsWith(REQUEST_PATH);
  const path = pathOf(passesPath ? backend.targetUrl.slice(0, -REQUEST_PATH.length) : backend.targetUrl);
  return (
    parseWebActionPath(`${path}${passesPath ? gatewayPath : match.rest}`) ??
    refuse(
      502,
      `The target of this operation is not a web action: '${backend.targetUrl}'. The gateway forwards nowhere else: deploy the API again with the URL of a web action as its target.`,
    )
  );
}

/** Answers traffic. Never rejects. */
export function serveGateway(
  registry: ApiRegistry,
  webActions: WebActions,
  core: Pick<Core, 'findAction'>,
): (request: GatewayRequest) => Promise<WebAnswer> {
  const rateLimits = new RateLimits();

  async function run(request: GatewayRequest): Promise<WebAnswer> {
    const { gatewayPath, headers } = request;
    // Of a body in chunks, nothing is known yet; the web action's own limit cuts it.
    if (Number(headers['content-length']) > MAX_BODY) return TOO_LARGE;
    const match = findResource(registry.list(request.tenant), gatewayPath);
    if (!match) return refuse(404, 'Not found.');
    const { resource } = match;
    const respond = (answer: WebAnswer) => addCors(answer, resource, headers.origin);
    if (resource.cors && request.method === 'OPTIONS') {
      const requested = headers['access-control-request-headers'];
      return respond({
        status: 200,
        headers: requested === undefined ? [] : [['Access-Control-Allow-Headers', requested]],
      });
    }
    const backend = resource.backends.get(request.method);
    const { document } = resource.api;
    if (!backend) {
      const isOpened = request.method === 'GET' && prefersHtml(headers.accept);
      if (!isOpened || denyBySecurity(document, headers)) return respond(refuse(404, 'Whoops. Verb not supported.'));
      const operations = [...resource.backends].map(([verb, each]) => {
        const target = targetOf(each, match, gatewayPath);
        return { verb, action: 'status' in target ? undefined : target };
      });
      return respond(await explainApi(`${request.origin}${request.path}`, resource, operations, core));
    }
    const denial =
      denyBySecurity(document, headers) ??
      rateLimits.findDenial(`${request.tenant} ${document.basePath}`, document, performance.now());
    if (denial) return respond(refuse(denial.status, denial.reason));
    const target = targetOf(backend, match, gatewayPath);
    if ('status' in target) return respond(target);
    const query = request.query === '' ? '' : `?${request.query}`;
    const forwarded: [string, string][] = [['x-forwarded-url', `${request.origin}${request.path}${query}`]];
    const changed = {
      method: backend.method ?? request.method,
      headers: Object.fromEntries([...Object.entries(headers), ...forwarded, ...backend.headers]),
    };
    return respond(await webActions(Object.assign({}, request, target, changed)));
  }

  return async (request) => {
    try {
      return await run(request);
    } catch (error) {
      if (error instanceof MalformedEncoding) return refuse(400, `Illegal request-target: ${error.message}`);
      console.error(`[${request.transactionId}] API gateway:`, error);
      return answerError(500, 'There was an internal server error.', request.transactionId);
    }
  };
}
