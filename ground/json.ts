/** JSON values. */
import { ExactNumber } from './exact-number';
import { Base64Text } from './json-parts';

/**
 * A JSON value, as RFC 8259 has it; a number that JavaScript would change is an `ExactNumber`, and a string that is the base64
 * of a request's body a `Base64Text`.
 */
export type Json = null | boolean | number | ExactNumber | string | Base64Text | Json[] | { [key: string]: Json };

/** A JSON object: what OpenWhisk takes as parameters and, nearly always, gives as a result. */
export type JsonObject = { [key: string]: Json };

/** True for an object, false for null, lists and scalars. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isScalar(value);
}

function isScalar(value: object): value is ExactNumber | Base64Text {
  return value instanceof ExactNumber || value instanceof Base64Text;
}
