/** Refusals in the form of Google's JSON APIs (https://cloud.google.com/storage/docs/json_api/v1/status-codes). */
import type http from 'node:http';
import { messageOf } from '../../ground/errors';
import { ObjectNameError } from './object-names';

/** A refusal with its HTTP status; the message is for the one who asked. */
export class GoogleError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** The object is not what the request says it has to be. */
export class NotMetError extends GoogleError {
  /** @param condition the parameter or header that said so: `ifGenerationMatch` */
  constructor(readonly condition: string) {
    super(412, 'At least one of the pre-conditions you specified did not hold.');
  }
}

/** There is no such bucket, in Google's words: its clients tell it by them from a missing object. */
export function noSuchBucket(): GoogleError {
  return new GoogleError(404, 'The specified bucket does not exist.');
}

/** There is no such object, or not of that generation. */
export function noSuchObject(bucket: string, name: string): GoogleError {
  return new GoogleError(404, `No such object: ${bucket}/${name}`);
}

/** Ends a request with an error. An answer that has begun is cut off instead: its client must not take it for whole. */
export function answerError(request: http.IncomingMessage, response: http.ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy();
  const status = statusOf(error);
  request.resume();
  if (status === 304) return void response.writeHead(304).end();
  // The rest of a body that came too slowly is not waited for.
  const more = { ...(status === 503 && { 'retry-after': '1' }), ...(status === 408 && { connection: 'close' }) };
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8', ...more });
  response.end(writeErrorBody(status, error));
  if (!request.complete) setTimeout(() => request.complete || request.destroy(), LINGER).unref();
}

/** Milliseconds in which a client that was refused may end its body, and read why. */
const LINGER = 5_000;

function writeErrorBody(code: number, error: unknown): string {
  const message = messageOf(error);
  const reason = REASONS[code] ?? 'internalError';
  const place = error instanceof NotMetError ? { locationType: 'parameter', location: error.condition } : {};
  return JSON.stringify({ error: { code, message, errors: [{ domain: 'global', reason, message, ...place }] } });
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'invalid',
  403: 'forbidden',
  404: 'notFound',
  408: 'uploadBrokenConnection',
  409: 'conflict',
  410: 'uploadExpired',
  412: 'conditionNotMet',
  413: 'uploadTooLarge',
  499: 'clientClosedRequest',
  503: 'backendError',
  507: 'insufficientStorage',
};

function statusOf(error: unknown): number {
  if (error instanceof GoogleError) return error.status;
  return error instanceof ObjectNameError ? 400 : 500;
}
