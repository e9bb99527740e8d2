/** Reading JSON of callers: malformed or absurdly deep texts are refused with words, and no shape is taken for granted. */
import type { Json, JsonObject } from '../../json';

/** As in OpenWhisk's JSON library. Deeper values would also break everything that walks a value recursively. */
const MAXIMUM_DEPTH = 1000;

/** A text that is no JSON, or nested too deeply. The message says where or why. */
export class MalformedJson extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'MalformedJson';
  }
}

/** True when brackets outside of strings are nested more deeply than allowed. `text` need not be valid JSON. */
function tooDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i += 1) {
    const c = text.charCodeAt(i);
    if (inString) {
      if (c === 0x5c) i += 1;
      else if (c === 0x22) inString = false;
    } else if (c === 0x22) inString = true;
    else if (c === 0x5b || c === 0x7b) {
      depth += 1;
      if (depth > MAXIMUM_DEPTH) return true;
    } else if (c === 0x5d || c === 0x7d) depth -= 1;
  }
  return false;
}

/**
 * Parses a JSON text.
 * @throws MalformedJson
 */
export function parseJson(text: string): Json {
  if (tooDeep(text))
    throw new MalformedJson(`JSON input nested too deeply: JSON input is nested more deeply than ${MAXIMUM_DEPTH}.`);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new MalformedJson(error instanceof Error ? error.message : String(error));
  }
}

/** True for an object, false for null, lists and scalars. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path of keys and indices; undefined as soon as something on the way is missing or of another kind. */
export function valueAt(value: Json | undefined, ...path: readonly (string | number)[]): Json | undefined {
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
