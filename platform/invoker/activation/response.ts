/**
 * From what a runtime answered to what an activation says, as apache/openwhisk does it in `ActivationResponse`
 * (`processInitResponseContent`, `processRunResponseContent`).
 */

import { parseJson } from '../../../ground/exact-json';
import { isObject, type Json } from '../../../ground/json';
import type { StatusCode } from '../contract';
import {
  invalidInitResponse,
  invalidRunResponse,
  MEMORY_EXHAUSTED,
  NO_DICTIONARY_OR_ARRAY,
  responseTruncated,
  timedOut,
} from './messages';

/** Bytes of the longest response; OpenWhisk's `whisk.activation.payload.max`. */
export const RESPONSE_LIMIT = 1024 * 1024;

/** One line of a runtime on its result descriptor, or the body of an HTTP response as a whole. */
export interface Line {
  readonly text: string;
  /** Bytes of the whole line; more than `text` holds when it was cut at the limit. */
  readonly length: number;
  readonly truncated: boolean;
}

/** How a request to a runtime ended. */
export type Answer =
  | { readonly kind: 'line'; readonly line: Line }
  | { readonly kind: 'http'; readonly status: number; readonly body: Line }
  | { readonly kind: 'exited' }
  | { readonly kind: 'timed out' }
  | { readonly kind: 'memory exhausted' };

/** Status and result of an activation. */
export interface ActivationResponse {
  readonly statusCode: StatusCode;
  readonly result: Json;
  /** Characters of the runtime's response; absent when there was none. */
  readonly size?: number;
}

const OK = 200;

const SUCCESS = 0;
const APPLICATION_ERROR = 1;
const DEVELOPER_ERROR = 2;

/** An error for which the action's developer is to blame. */
export function makeDeveloperError(error: Json, size?: number): ActivationResponse {
  return { statusCode: DEVELOPER_ERROR, result: { error }, ...(size === undefined ? {} : { size }) };
}

/** An error for which the platform is to blame. */
export function makeWhiskError(error: string): ActivationResponse {
  return { statusCode: 3, result: { error } };
}

/** Undefined when the runtime is ready; else why it is not. `exitText` is what this runtime says when it is gone. */
export function interpretInit(answer: Answer, timeout: number, exitText: string): ActivationResponse | undefined {
  switch (answer.kind) {
    case 'timed out':
      return makeDeveloperError(timedOut(timeout, true));
    case 'memory exhausted':
      return makeDeveloperError(MEMORY_EXHAUSTED);
    case 'exited':
      return makeDeveloperError(exitText);
    case 'line': {
      const value = parse(answer.line.text);
      return isObject(value) && value.ok === true ? undefined : explainInit(answer.line);
    }
    case 'http':
      return answer.status === OK && !answer.body.truncated ? undefined : explainInit(answer.body);
  }
}

function explainInit({ text, length, truncated }: Line): ActivationResponse {
  if (truncated) return makeDeveloperError(responseTruncated(length, RESPONSE_LIMIT, text), length);
  const value = parse(text);
  return makeDeveloperError((isObject(value) ? value.error : undefined) ?? invalidInitResponse(text), text.length);
}

/** What a run ended as. */
export function interpretRun(
  answer: Answer,
  timeout: number,
  runtime: { readonly exitDuringRun: string; readonly countsLineEnd: boolean },
): ActivationResponse {
  switch (answer.kind) {
    case 'timed out':
      return makeDeveloperError(timedOut(timeout, false));
    case 'memory exhausted':
      return makeDeveloperError(MEMORY_EXHAUSTED);
    case 'exited':
      return makeDeveloperError(runtime.exitDuringRun);
    case 'line':
      return interpretLine(answer.line, runtime.countsLineEnd ? '\n' : '');
    case 'http':
      return interpretResponse(answer.body, answer.status === OK);
  }
}

/** What OpenWhisk's runtimes make of an answer of the action, before they respond. */
function interpretLine(line: Line, end: string): ActivationResponse {
  // A leading `!` marks what they respond with 502: the action as such failed.
  const failed = line.text.startsWith('!');
  const text = failed ? line.text.slice(1) : line.text;
  const response = { text: text + end, length: line.length + end.length, truncated: line.truncated };
  if (!line.truncated && response.length <= RESPONSE_LIMIT) {
    const value = parse(text);
    // The action loop lets a null pass, and the invoker behind it refuses it.
    const passes = value === null || Array.isArray(value) || isObject(value);
    if (!passes) return makeDeveloperError(NO_DICTIONARY_OR_ARRAY, response.text.length);
  }
  return interpretResponse(response, !failed);
}

/** `ok`: the status was 200. */
function interpretResponse({ text, length, truncated }: Line, ok: boolean): ActivationResponse {
  if (truncated || length > RESPONSE_LIMIT) {
    const error = responseTruncated(length, RESPONSE_LIMIT, text);
    return { statusCode: APPLICATION_ERROR, result: { error }, size: length };
  }
  const size = text.length;
  const value = parse(text);
  const error = isObject(value) ? value.error : undefined;
  if (!Array.isArray(value) && !isObject(value)) {
    return makeDeveloperError(invalidRunResponse(text), size);
  }
  if (!ok) return makeDeveloperError(error ?? invalidRunResponse(text), size);
  if (error !== undefined) return { statusCode: APPLICATION_ERROR, result: { error }, size };
  return { statusCode: SUCCESS, result: value, size };
}

function parse(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
