/** Parameters and annotations: sets of key and value, kept as lists the way OpenWhisk shows them. */
import { ExactNumber, writeJson } from '../../../ground/exact-json';
import type { Json, JsonObject } from '../../../ground/json';
import type { KeyValue } from '../core';

/** Both lists as one set: a key of `over` replaces that of `base`. */
export function mergeParameters(base: readonly KeyValue[], over: readonly KeyValue[]): KeyValue[] {
  const all = new Map(base.map((pair) => [pair.key, pair]));
  for (const pair of over) all.set(pair.key, pair);
  return [...all.values()];
}

/** The list without the given keys. */
export function removeKeys(list: readonly KeyValue[], keys: readonly string[]): KeyValue[] {
  const gone = new Set(keys);
  return list.filter((pair) => !gone.has(pair.key));
}

/** The value under a key; undefined when there is none. */
export function findValue(list: readonly KeyValue[], key: string): Json | undefined {
  return list.find((pair) => pair.key === key)?.value;
}

/** True when the key has a value that counts as true: OpenWhisk takes any number but 0 and any text but the empty. */
export function isTruthy(list: readonly KeyValue[], key: string): boolean {
  const value = findValue(list, key);
  if (value === undefined || value === null) return false;
  if (value instanceof ExactNumber) return Number(value) !== 0;
  if (typeof value === 'object') return true;
  return Boolean(value);
}

/** `{key: value}`. */
export function toObject(list: readonly KeyValue[]): JsonObject {
  return Object.fromEntries(list.map((pair) => [pair.key, pair.value]));
}

/** Bytes of all keys and values, as OpenWhisk measures parameters against their limit. */
export function sizeOf(list: readonly KeyValue[]): number {
  return list.reduce((sum, { key, value }) => sum + Buffer.byteLength(key) + Buffer.byteLength(writeJson(value)), 0);
}

/** Names that a payload must not set: all defined parameters of an action annotated with `final: true`. */
export function listFinalParameters(parameters: readonly KeyValue[], annotations: readonly KeyValue[]): string[] {
  if (findValue(annotations, 'final') !== true) return [];
  return parameters.filter((pair) => pair.value !== null).map((pair) => pair.key);
}
