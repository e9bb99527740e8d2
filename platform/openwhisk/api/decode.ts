/** Bodies of PUT, field by field: what is there must be good, what is missing stays undefined. */

import { ExactNumber, writeJson } from '../../../ground/exact-json';
import { isObject, type Json, type JsonObject } from '../../../ground/json';
import type { Runtime } from '../../invoker/contract';
import { type KeyValue, Refusal } from '../core';
import type { Binding } from '../entity/documents';
import { type ActionLimitName, limits, mapActionLimits } from '../entity/limits';
import { messages } from '../entity/messages';
import { type EntityReference, isEntityName, NameError, parseReference } from '../entity/names';
import { mergeParameters, sizeOf } from '../entity/parameters';
import { decodeExec, type ExecPut } from './decode-exec';
import { MalformedContent } from './malformed';
import { jsonOf, Rejection } from './request';

/** Limits of an action as far as the body gives them. */
export type LimitsPut = { readonly [name in ActionLimitName | 'instances']?: number | undefined };

/** All that the body of a PUT can say; each collection reads its part. */
export interface EntityPut {
  readonly exec?: ExecPut;
  readonly parameters?: readonly KeyValue[];
  readonly annotations?: readonly KeyValue[];
  readonly delAnnotations?: readonly string[];
  readonly limits?: LimitsPut;
  readonly version?: string;
  readonly publish?: boolean;
  readonly binding?: Binding;
  readonly trigger?: EntityReference;
  readonly action?: EntityReference;
}

/** What the body of a PUT means, depending on the collection and on who sends it. */
export interface PutContext {
  readonly collection: 'actions' | 'packages' | 'triggers' | 'rules';
  readonly namespace: string;
  readonly runtimes: readonly Runtime[];
}

function decodeKeyValue(item: Json): KeyValue {
  if (!isObject(item) || typeof item.key !== 'string' || !('value' in item)) {
    throw new MalformedContent('parameters malformed!');
  }
  const { key, value = null, init, encryption } = item;
  return {
    key,
    value,
    ...(init === true ? { init } : {}),
    ...(typeof encryption === 'string' ? { encryption } : {}),
  };
}

function decodeKeyValues(value: Json): KeyValue[] {
  if (!Array.isArray(value)) throw new MalformedContent('parameters malformed!');
  return mergeParameters([], value.map(decodeKeyValue));
}

/** How OpenWhisk calls a limit that is no number, and one that is no whole number. */
type LimitWords = Readonly<Record<'type' | 'whole', string>>;

const INSTANCES: LimitWords = { type: 'instance concurrency limit', whole: 'instance concurrency limit' };

/** A whole number as OpenWhisk takes it: `1E+2` is one, and of a larger one the lower 32 bits count. */
function integerOf(value: number | ExactNumber): number | undefined {
  const double = Number(value);
  return Number.isInteger(double) ? Number(BigInt.asIntN(32, BigInt(double))) : undefined;
}

function decodeLimit(value: Json | undefined, { type, whole }: LimitWords): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' && !(value instanceof ExactNumber)) throw new MalformedContent(`${type} malformed`);
  const limit = integerOf(value);
  if (limit === undefined) throw new MalformedContent(`requirement failed: ${whole} must be whole number`);
  return limit;
}

function decodeLimits(value: Json): LimitsPut {
  if (!isObject(value)) throw new MalformedContent("Object expected in field 'timeout'");
  const given = mapActionLimits(({ words, unit }, name) => {
    const limit = decodeLimit(value[name], words);
    if (limit !== undefined && limit < 0 && unit === ' MB') throw new MalformedContent(messages.sizeNegative);
    return limit;
  });
  return { ...given, instances: decodeLimit(value.instances, INSTANCES) };
}

function decodeVersion(value: Json): string {
  const parts = typeof value === 'string' ? value.split('.').slice(0, 3) : [];
  const numbers = [...parts, '0', '0'].slice(0, 3).map((part) => (/^\d{1,9}$/.test(part) ? Number(part) : Number.NaN));
  if (parts.length === 0 || numbers.some(Number.isNaN) || numbers.every((n) => n === 0)) {
    throw new MalformedContent('semantic version malformed');
  }
  return numbers.join('.');
}

function decodeBoolean(value: Json): boolean {
  if (typeof value === 'boolean') return value;
  throw new MalformedContent(`Expected JsTrue or JsFalse, but got ${writeJson(value)}`);
}

function decodeStrings(value: Json): string[] {
  if (!Array.isArray(value)) throw new MalformedContent(`Expected Array as JsArray, but got ${writeJson(value)}`);
  return value.map((item) => {
    if (typeof item === 'string') return item;
    throw new MalformedContent(`Expected String as JsString, but got ${writeJson(item)}`);
  });
}

function decodeBinding(value: Json, namespace: string): Binding | undefined {
  if (isObject(value) && Object.keys(value).length === 0) return undefined;
  if (!isObject(value)) throw new MalformedContent("Object expected in field 'namespace'");
  for (const field of ['namespace', 'name'] as const) {
    const name = value[field];
    if (name === undefined) throw new MalformedContent(`Object is missing required member '${field}'`);
    if (typeof name !== 'string' || !isEntityName(name)) throw new MalformedContent('entity name malformed');
  }
  const owner = String(value.namespace);
  return { namespace: owner === '_' ? namespace : owner, name: String(value.name) };
}

function read(body: JsonObject, { collection, namespace, runtimes }: PutContext): EntityPut {
  const field = <T>(name: string, decode: (value: Json) => T | undefined): { [key: string]: T } => {
    const value = body[name];
    if (value === undefined || value === null) return {};
    const decoded = decode(value);
    return decoded === undefined ? {} : { [name]: decoded };
  };
  const reference = (value: Json): EntityReference => parseReference(value, namespace);
  return {
    ...field('exec', (value) => decodeExec(value, runtimes, namespace)),
    ...field('parameters', decodeKeyValues),
    ...field('annotations', decodeKeyValues),
    ...(collection === 'actions'
      ? { ...field('limits', decodeLimits), ...field('delAnnotations', decodeStrings) }
      : {}),
    ...(collection === 'packages' ? field('binding', (value) => decodeBinding(value, namespace)) : {}),
    ...(collection === 'rules' ? { ...field('trigger', reference), ...field('action', reference) } : {}),
    ...field('version', decodeVersion),
    ...field('publish', decodeBoolean),
  };
}

function checkSizes({ exec, parameters, annotations }: EntityPut): void {
  const check = (what: string, size: number, allowed: number): void => {
    if (size > allowed) throw new Refusal(413, messages.tooBig(what, size, allowed));
  };
  if (exec && !exec.sequence) check('exec', Buffer.byteLength(exec.code), limits.exec);
  check('parameters', sizeOf(parameters ?? []), limits.parameters);
  check('annotations', sizeOf(annotations ?? []), limits.parameters);
}

/**
 * Reads the body of a PUT.
 * @throws Rejection 400 for malformed content; Refusal 413 for code, parameters or annotations above their limits
 */
export function decodePut(bytes: Buffer, context: PutContext): EntityPut {
  const body = jsonOf(bytes);
  try {
    if (!isObject(body)) throw new MalformedContent("Object expected in field 'exec'");
    const put = read(body, context);
    checkSizes(put);
    return put;
  } catch (error) {
    if (error instanceof MalformedContent || error instanceof NameError) {
      throw new Rejection(400, messages.contentMalformed(error.message));
    }
    throw error;
  }
}
