/** Runs one action with code, and makes the record of it. */

import type { Json, JsonObject } from '../../../ground/json';
import type { Invocation, Outcome } from '../../invoker/contract';
import type { Identity, KeyValue } from '../core';
import { limits } from '../entity/limits';
import { isTruthy, toObject } from '../entity/parameters';
import type { CodeStore } from '../store/code';
import type { ActivationRecord, ActivationResponse } from './record';
import { executableOf, type InvocationTarget } from './target';

/** Circumstances of one activation. */
export interface Occasion {
  readonly activationId: string;
  readonly transactionId: string;
  readonly identity: Identity;
  /** Milliseconds since the epoch. */
  readonly acceptedAt: number;
  /** The activation of the sequence or composition that this one is a part of. */
  readonly cause?: string;
}

/** The arguments: parameters of the action under the payload; an array, as only a sequence can hand on, as it is. */
function argumentsOf(target: InvocationTarget, payload: Json): Json {
  if (Array.isArray(payload)) return payload;
  const given = payload !== null && typeof payload === 'object' ? payload : {};
  return { ...toObject(target.parameters), ...given };
}

/** What goes by the environment, undefined where nothing can, and what by the call. Hardly any action has the first. */
function takeApart(all: Json, init: ReadonlySet<string>): { environment: JsonObject | undefined; parameters: Json } {
  if (init.size === 0) return { environment: undefined, parameters: all };
  if (Array.isArray(all)) return { environment: {}, parameters: all };
  const entries = Object.entries(all as JsonObject);
  return {
    environment: Object.fromEntries(entries.filter(([key]) => init.has(key))),
    parameters: Object.fromEntries(entries.filter(([key]) => !init.has(key))),
  };
}

/** What the invoker gets for a target, a payload and an occasion. */
export function invocationOf(target: InvocationTarget, payload: Json, occasion: Occasion, code: CodeStore): Invocation {
  const { activationId, transactionId, identity, acceptedAt } = occasion;
  const all = argumentsOf(target, payload);
  const init = new Set(target.parameters.filter((pair) => pair.init === true).map((pair) => pair.key));
  const { environment, parameters } = takeApart(all, init);
  return {
    activationId,
    transactionId,
    action: executableOf(target, identity.namespace, code, environment),
    parameters: parameters as JsonObject,
    acceptedAt,
    ...(isTruthy(target.annotations, 'provide-api-key') ? { apiKey: `${identity.uuid}:${identity.key}` } : {}),
  };
}

/** True when a value nests deeper than `depth`. */
function isDeeper(value: Json, depth: number): boolean {
  if (value === null || typeof value !== 'object') return false;
  return depth === 0 || Object.values(value).some((item) => isDeeper(item, depth - 1));
}

function responseOf({ statusCode, result, size, written }: Outcome): ActivationResponse {
  if (result === null || result === undefined) return { statusCode };
  if (isDeeper(result, limits.resultDepth)) {
    return { statusCode: 2, result: { error: 'The action did not produce a valid JSON or JSON Array response.' } };
  }
  return {
    statusCode,
    result,
    ...(size === undefined ? {} : { size }),
    ...(written === undefined ? {} : { written }),
  };
}

/** Annotations that every record of an action has, whoever runs it. */
export function recordAnnotations(target: InvocationTarget, occasion: Occasion, waitTime: number): KeyValue[] {
  return [
    { key: 'path', value: target.path },
    { key: 'waitTime', value: Math.max(0, Math.round(waitTime)) },
    ...(target.binding === undefined ? [] : [{ key: 'binding', value: target.binding }]),
    ...(occasion.cause === undefined ? [] : [{ key: 'causedBy', value: 'sequence' }]),
  ];
}

/** The record of an action that ran. */
export function recordOf(target: InvocationTarget, occasion: Occasion, outcome: Outcome): ActivationRecord {
  const { identity, activationId, cause } = occasion;
  const { start, end, waitTime, initTime, timedOut, logs } = outcome;
  return {
    activationId,
    namespace: identity.namespace,
    name: target.name,
    subject: identity.subject,
    version: target.version,
    start: Math.round(start),
    end: Math.round(end),
    duration: Math.round(end) - Math.round(start),
    ...(cause === undefined ? {} : { cause }),
    annotations: [
      ...recordAnnotations(target, occasion, waitTime),
      { key: 'kind', value: target.kind },
      { key: 'timeout', value: timedOut },
      { key: 'limits', value: { ...target.limits } },
      ...(initTime === undefined ? [] : [{ key: 'initTime', value: Math.round(initTime) }]),
    ],
    response: responseOf(outcome),
    logs,
  };
}
