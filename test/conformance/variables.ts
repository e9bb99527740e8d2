/** Variables of a case: `{{name}}` in requests, put back into answers, and read from answers by path. */
import type { Json } from '../../ground/json';

export type Variables = Record<string, Json>;

/** Fills `{{name}}` into all strings and keys of a value; a string that is nothing else becomes the value itself. */
export function fill(value: Json, variables: Variables): Json {
  if (typeof value === 'string') {
    const whole = /^\{\{(\w+)\}\}$/.exec(value)?.[1];
    if (whole !== undefined && typeof variables[whole] !== 'string') return known(whole, variables);
    return value.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(known(name, variables)));
  }
  if (Array.isArray(value)) return value.map((item) => fill(item, variables));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [fillText(key, variables), fill(item, variables)]),
  );
}

/** `fill` for text, which stays text. */
export function fillText(text: string, variables: Variables): string {
  return String(fill(text, variables));
}

function known(name: string, variables: Variables): Json {
  const value = variables[name];
  if (value === undefined) throw new Error(`{{${name}}} was never saved`);
  return value;
}

/** Puts `{{name}}` back for the values of variables in a text; only values too long to be there by chance. */
export function unfill(text: string, variables: Variables): string {
  let result = text;
  const replace = (name: string, value: Json | undefined): void => {
    if (typeof value === 'string' && value !== '') result = result.replaceAll(value, `{{${name}}}`);
  };
  // The key holds the uuid and the host may hold anything: the longest first.
  for (const name of ['basic', 'auth', 'host', 'p']) replace(name, variables[name]);
  for (const [name, value] of Object.entries(variables)) {
    if (typeof value === 'string' && value.length >= 16) replace(name, value);
  }
  const { ns } = variables;
  if (result === ns) return '{{ns}}';
  const namespace = new RegExp(`(^|[/' ])${String(ns).replace(/\W/g, '\\$&')}(?=[/'])`, 'g');
  return result.replace(namespace, '$1{{ns}}');
}

/** Reads `body.logs[0].@json.activationId` or `body.@first(name=x).version`; undefined when there is no such place. */
export function valueAt(root: Json, where: string): Json | undefined {
  let at: Json | undefined = root;
  for (const [part] of where.matchAll(/@first\([^)]*\)|\[\d+\]|[^.[\]]+/g)) {
    if (at === undefined || at === null) return undefined;
    at = step(at, part);
  }
  return at;
}

function step(at: Json, part: string): Json | undefined {
  if (part === '@json') return JSON.parse(String(at)) as Json;
  if (part.startsWith('@first(')) {
    const [key = '', wanted] = part.slice('@first('.length, -1).split('=');
    if (!Array.isArray(at)) return undefined;
    return at.find((item) => isObject(item) && String(item[key]) === wanted);
  }
  if (part.startsWith('[')) return Array.isArray(at) ? at[Number(part.slice(1, -1))] : undefined;
  if (part === 'length' && (Array.isArray(at) || typeof at === 'string')) return at.length;
  return isObject(at) ? at[part] : undefined;
}

/** True for a JSON object. */
export function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return value !== undefined && value !== null && typeof value === 'object' && !Array.isArray(value);
}
