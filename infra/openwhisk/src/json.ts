import { isDeepStrictEqual } from 'node:util';

/** A JSON value, as RFC 8259 has it. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A JSON object: the form of OpenWhisk's parameters and annotations once they are taken out of `[{key, value}]`. */
export type JsonObject = { [key: string]: Json };

/** True for a plain object, the only kind JSON has. */
export function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Equality of JSON values: the order of keys does not count, the order of list elements does. */
export function isSameJson(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(a, b);
}

/** The same object without the properties that are undefined, at any depth: what Pulumi can store. */
export function withoutUndefined<T>(value: T): T {
  if (Array.isArray(value)) return value.map((element) => withoutUndefined(element)) as T;
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(([, element]) => element !== undefined);
  return Object.fromEntries(entries.map(([key, element]) => [key, withoutUndefined(element)])) as T;
}

/** Every string inside a JSON value, without the keys. */
export function listStrings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(listStrings);
  if (isObject(value)) return Object.values(value).flatMap(listStrings);
  return [];
}
