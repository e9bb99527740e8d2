/** JSON values. */
import type { ExactNumber } from './exact-number';

/** A JSON value, as RFC 8259 has it; a number that JavaScript would change is an `ExactNumber`. */
export type Json = null | boolean | number | ExactNumber | string | Json[] | { [key: string]: Json };

/** A JSON object: what OpenWhisk takes as parameters and, nearly always, gives as a result. */
export type JsonObject = { [key: string]: Json };

/** True for an object, false for null, lists and scalars. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isExact(value);
}

function isExact(value: object): value is ExactNumber {
  return 'isExactNumber' in value && value.isExactNumber === true;
}
