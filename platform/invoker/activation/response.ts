/**
 * From what a runtime answered to what an activation says, as apache/openwhisk does it in `ActivationResponse`
 * (`processInitResponseContent`, `processRunResponseContent`).
 */

import { isAscii } from 'node:buffer';
import { parseJson } from '../../../ground/exact-json';
import { isObject, type Json } from '../../../ground/json';
import type { StatusCode } from '../contract';
import type { Line } from './lines';
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
  /** The JSON of `result` as the runtime wrote it, in ASCII; absent where it is something else. */
  readonly written?: Buffer;
}

/** What a runtime responded with. */
interface Response extends Pick<Line, 'text' | 'length' | 'truncated'> {
  /** Of its JSON; undefined when it is none, or more than is looked at. */
  readonly value: Json | undefined;
  readonly bytes: Buffer;
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
      return interpretResponse(readResponse(answer.body, answer.body.text, ''), answer.status === OK);
  }
}

/** @param end what the runtime puts behind its JSON */
function readResponse({ bytes, length, truncated }: Line, text: string, end: string): Response {
  const all = length + end.length;
  const value = truncated || all > RESPONSE_LIMIT ? undefined : parse(text);
  return { text: text + end, length: all, truncated, value, bytes };
}

/** What OpenWhisk's runtimes make of an answer of the action, before they respond. */
function interpretLine(line: Line, end: string): ActivationResponse {
  // A leading `!` marks what they respond with 502: the action as such failed.
  const failed = line.text.startsWith('!');
  const response = readResponse(line, failed ? line.text.slice(1) : line.text, end);
  const { value, length, truncated } = response;
  if (!truncated && length <= RESPONSE_LIMIT) {
    // The action loop lets a null pass, and the invoker behind it refuses it.
    const passes = value === null || Array.isArray(value) || isObject(value);
    if (!passes) return makeDeveloperError(NO_DICTIONARY_OR_ARRAY, response.text.length);
  }
  return interpretResponse(response, !failed);
}

/** `ok`: the status was 200. */
function interpretResponse({ text, length, truncated, value, bytes }: Response, ok: boolean): ActivationResponse {
  if (truncated || length > RESPONSE_LIMIT) {
    const error = responseTruncated(length, RESPONSE_LIMIT, text);
    return { statusCode: APPLICATION_ERROR, result: { error }, size: length };
  }
  const size = text.length;
  const error = isObject(value) ? value.error : undefined;
  if (!Array.isArray(value) && !isObject(value)) {
    return makeDeveloperError(invalidRunResponse(text), size);
  }
  if (!ok) return makeDeveloperError(error ?? invalidRunResponse(text), size);
  if (error !== undefined) return { statusCode: APPLICATION_ERROR, result: { error }, size };
  return { statusCode: SUCCESS, result: value, size, ...(isAscii(bytes) ? { written: bytes } : {}) };
}

function parse(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
