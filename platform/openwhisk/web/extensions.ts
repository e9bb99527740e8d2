/** Extensions of a web action's name: each says which part of the result is the answer, and of what type. */

import { writeJson } from '../../../ground/exact-json';
import { isObject, type Json } from '../../../ground/json';
import { messages } from '../entity/messages';
import { answerError, type WebAnswer } from './answer';
import { answerHttpMessage } from './http-message';
import { readAt } from './json-value';
import { InvalidMessage } from './result-headers';

/** Turns the result of an action (or its `error`) into an answer. */
export type Transcoder = (result: Json, transactionId: string) => WebAnswer;

/** The property `body` of a result, else the one named like the extension; a result that is no object is meant whole. */
function project(result: Json, property: string): Json | undefined {
  if (!isObject(result)) return result;
  return readAt(result, Object.hasOwn(result, 'body') ? 'body' : property);
}

const answerOk = (type: string, body: string): WebAnswer => ({ status: 200, headers: [['Content-Type', type]], body });

const transcodeMarkup =
  (property: string, essence: string, type: string): Transcoder =>
  (result, transactionId) => {
    const value = project(result, property);
    return typeof value === 'string'
      ? answerOk(type, value)
      : answerError(400, messages.notValid(essence), transactionId);
  };

const transcodeHttp: Transcoder = (result, transactionId) => {
  try {
    return answerHttpMessage(result, transactionId);
  } catch (error) {
    if (!(error instanceof InvalidMessage)) throw error;
    return answerError(400, messages.notValid('message/http'), transactionId);
  }
};

const TRANSCODERS: Readonly<Record<string, Transcoder>> = {
  '.http': transcodeHttp,
  '.json': (result, transactionId) =>
    Array.isArray(result) || isObject(result)
      ? answerOk('application/json', writeJson(result, 2))
      : answerError(400, messages.notValid('application/json'), transactionId),
  '.html': transcodeMarkup('html', 'text/html', 'text/html; charset=UTF-8'),
  '.svg': transcodeMarkup('svg', 'image/svg+xml', 'image/svg+xml'),
  '.text': (result, transactionId) => {
    const value = project(result, 'text');
    if (value === undefined) return answerError(404, messages.propertyNotFound, transactionId);
    return answerOk('text/plain; charset=UTF-8', typeof value === 'string' ? value : writeJson(value, 2));
  },
};

/** All extensions, each with its dot. */
export const EXTENSIONS: readonly string[] = Object.keys(TRANSCODERS);

/** Splits `convert.http` into the action's name and what its extension means; no known extension means `.http`. */
export function splitExtension(segment: string): { readonly name: string; readonly transcode: Transcoder } {
  for (const [extension, transcode] of Object.entries(TRANSCODERS)) {
    if (segment.endsWith(extension)) return { name: segment.slice(0, -extension.length), transcode };
  }
  return { name: segment, transcode: transcodeHttp };
}
