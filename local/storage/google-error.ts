/** Refusals in the form of Google's JSON APIs (https://cloud.google.com/storage/docs/json_api/v1/status-codes). */
import type http from 'node:http';
import { ObjectNameError } from './object-names';
import { BadRequestError, NoSuchRequestError } from './requests';

/** A refusal with its HTTP status; the message is for the one who asked. */
export class GoogleError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Ends a request with an error. An answer that has begun is cut off instead: its client must not take it for whole. */
export function answerError(request: http.IncomingMessage, response: http.ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy();
  const status = statusOf(error);
  const body = errorBody(status, error instanceof Error ? error.message : String(error));
  const retry = status === 503 ? { 'retry-after': '1' } : {};
  request.resume();
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8', ...retry });
  response.end(body);
}

function errorBody(code: number, message: string): string {
  const reason = REASONS[code] ?? 'internalError';
  return JSON.stringify({ error: { code, message, errors: [{ domain: 'global', reason, message }] } });
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'invalid',
  403: 'forbidden',
  404: 'notFound',
  413: 'uploadTooLarge',
  503: 'backendError',
  507: 'insufficientStorage',
};

function statusOf(error: unknown): number {
  if (error instanceof GoogleError) return error.status;
  if (error instanceof ObjectNameError || error instanceof BadRequestError) return 400;
  return error instanceof NoSuchRequestError ? 404 : 500;
}
