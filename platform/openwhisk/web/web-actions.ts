/** Runs a request to a web action: look-up, size, CORS, authorization, invocation and the answer, in OpenWhisk's order. */
import { tellsDiskFull } from '../../../ground/disk-full';
import type { Json } from '../../../ground/json';
import { type Core, Refusal, type ResolvedAction } from '../core';
import { limits } from '../entity/limits';
import { messages } from '../entity/messages';
import { findValue } from '../entity/parameters';
import { accepts } from './accept';
import { makeActionArgument } from './action-argument';
import { addHeaders, answerError, makeCorsHeaders, type WebAnswer } from './answer';
import { isAuthorized } from './authorization';
import { splitExtension, type Transcoder } from './extensions';
import { MalformedJson, readAt } from './json-value';
import { MalformedEncoding } from './percent-encoding';
import type { WebRequest } from './request';
import { BodyTooLarge, BrokenBody } from './request';

/** Answers requests to web actions, without HTTP: `/api/v1/web` and the API gateway both call it. Never rejects. */
export type WebActions = (request: WebRequest) => Promise<WebAnswer>;

/** The web actions of a core. */
export function serveWebActions(core: Core): WebActions {
  async function invoke(request: WebRequest, action: ResolvedAction, transcode: Transcoder): Promise<WebAnswer> {
    const { headers, transactionId } = request;
    const caller = core.authenticate(headers.authorization);
    // With web-custom-options the action answers OPTIONS itself, and to anybody: a preflight carries no credentials.
    if (request.method !== 'OPTIONS' && !isAuthorized(action, headers, caller)) {
      return answerError(401, messages.unauthorized, transactionId);
    }
    const bytes = await request.body.read(limits.payload);
    if (bytes instanceof BodyTooLarge) return answerTooLarge(bytes, transactionId);
    const payload = makeActionArgument(request, action, bytes, caller?.namespace);
    if (!payload) return answerError(400, messages.parametersNotAllowed, transactionId);

    const activation = await core.invoke(action, payload, { waitMs: limits.blockingWait, transactionId });
    const id: [string, string] = ['X-Openwhisk-Activation-Id', activation.activationId];
    if (activation.pending) return addHeaders(answerError(202, messages.responseNotReady, transactionId), [id]);
    if (activation.statusCode > 1) {
      return addHeaders(answerUnfinished(activation.statusCode, activation.result, transactionId), [id]);
    }
    const result = activation.statusCode === 0 ? activation.result : readAt(activation.result, 'error');
    if (result === undefined) return addHeaders(answerError(404, messages.propertyNotFound, transactionId), [id]);
    const answer = transcode(result, transactionId);
    const type = answer.headers.find(([name]) => name === 'Content-Type')?.[1];
    if (type !== undefined && !accepts(headers.accept, type.split(';', 1)[0] ?? '')) {
      return answerError(406, messages.notAcceptable(type), transactionId);
    }
    return addHeaders(answer, [id]);
  }

  async function run(request: WebRequest): Promise<WebAnswer> {
    const { namespace, packageName, transactionId } = request;
    const { name, transcode } = splitExtension(request.actionSegment);
    const isOwned = core.ownerOf(namespace) !== undefined;
    const action = isOwned ? await core.findAction(namespace, packageName, name) : undefined;
    if (!action || findValue(action.annotations, 'web-export') !== true) {
      return answerError(404, messages.resourceDoesNotExist, transactionId);
    }
    const length = request.body.length ?? 0;
    if (length > limits.payload) return answerTooLarge(new BodyTooLarge(length, limits.payload), transactionId);

    if (findValue(action.annotations, 'web-custom-options') === true) return invoke(request, action, transcode);
    const cors = makeCorsHeaders(request.headers['access-control-request-headers']);
    if (request.method === 'OPTIONS') return { status: 200, headers: cors };
    return addHeaders(await invoke(request, action, transcode), cors);
  }

  return async (request) => {
    try {
      return await run(request);
    } catch (error) {
      return answerFailure(error, request.transactionId);
    }
  };
}

/** The code did not come to a result. OpenWhisk does not say why, but a full disk here is for the reader to mend. */
function answerUnfinished(statusCode: number, result: Json, transactionId: string): WebAnswer {
  const error = readAt(result, 'error');
  // 3: of the platform itself. 507, and not 503, after which clients would try again for minutes.
  if (statusCode === 3 && typeof error === 'string' && tellsDiskFull(error))
    return answerError(507, error, transactionId);
  return answerError(400, messages.errorProcessingRequest, transactionId);
}

function answerTooLarge({ bytes, limit }: BodyTooLarge, transactionId: string): WebAnswer {
  return answerError(413, messages.tooBig('Request', bytes, limit), transactionId);
}

function answerFailure(error: unknown, transactionId: string): WebAnswer {
  if (error instanceof Refusal) return answerError(error.status, error.message, transactionId);
  if (error instanceof MalformedJson || error instanceof MalformedEncoding) {
    return answerError(400, messages.contentMalformed(error.message), transactionId);
  }
  if (error instanceof BrokenBody) return answerError(400, messages.contentMalformed(error.message), transactionId);
  // A result that is nested too deeply to be written as text.
  if (error instanceof RangeError) return answerError(400, messages.errorProcessingRequest, transactionId);
  console.error(`[${transactionId}] web action:`, error);
  return answerError(500, 'There was an internal server error.', transactionId);
}
