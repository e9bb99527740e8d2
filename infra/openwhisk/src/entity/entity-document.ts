import { isObject, type Json, type JsonObject } from '../json';

/** A parameter or annotation as OpenWhisk sends and stores it. */
export interface KeyValue {
  readonly key: string;
  readonly value: Json;
}

/** What the documents of all kinds of entities have in common. */
export interface EntityDocument {
  readonly name: string;
  /** The real namespace; for an action in a package `namespace/package`. */
  readonly namespace: string;
  /** Grows with every write: `0.0.1`, `0.0.2`. */
  readonly version: string;
  /** Time of the last write in milliseconds since the epoch; older OpenWhisks do not tell. */
  readonly updated?: number;
  readonly publish?: boolean;
  readonly annotations?: readonly KeyValue[];
  readonly parameters?: readonly KeyValue[];
}

/**
 * Takes an answer of the `openwhisk` client as a document.
 * @throws Error that counts as a lost answer when it is none: a connection cut in the middle of a body looks so.
 */
export function asDocument<D extends EntityDocument>(answer: unknown): D {
  if (isObject(answer) && typeof answer.name === 'string' && typeof answer.namespace === 'string') {
    return answer as unknown as D;
  }
  throw new Error('aborted: the answer is not a whole document');
}

/** `{a: 1}` as `[{key: 'a', value: 1}]`. */
export function toKeyValues(object: JsonObject | undefined): KeyValue[] {
  return Object.entries(object ?? {}).map(([key, value]) => ({ key, value }));
}

/** `[{key: 'a', value: 1}]` as `{a: 1}`. */
export function toObject(keyValues: readonly KeyValue[] | undefined): JsonObject {
  return Object.fromEntries((keyValues ?? []).map(({ key, value }) => [key, value]));
}

/** The object without some of its keys. */
export function withoutKeys(object: JsonObject, ...keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}
