/** Reading JSON of callers: malformed or absurdly deep texts are refused with words, and no shape is taken for granted. */

import { messageOf } from '../../../ground/errors';
import { parseJson as parse } from '../../../ground/exact-json';
import { isObject, type Json } from '../../../ground/json';
import { limits } from '../entity/limits';

/** A text that is no JSON, or nested too deeply. The message says where or why. */
export class MalformedJson extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'MalformedJson';
  }
}

/**
 * Parses a JSON text.
 * @throws MalformedJson
 */
export function parseJson(text: string): Json {
  try {
    return parse(text, limits.jsonDepth);
  } catch (error) {
    throw new MalformedJson(messageOf(error));
  }
}

/** The value at a path of keys and indices; undefined as soon as something on the way is missing or of another kind. */
export function readAt(value: Json | undefined, ...path: readonly (string | number)[]): Json | undefined {
  let at = value;
  for (const key of path) {
    if (typeof key === 'number') at = Array.isArray(at) ? at[key] : undefined;
    else at = isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  }
  return at;
}

/** The elements of a list; none when the value is no list. */
export function elementsOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
