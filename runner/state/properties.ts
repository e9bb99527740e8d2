/**
 * Property values as Pulumi's wire format has them: JSON in which an object with a signature key stands for a secret,
 * and one fixed string for a value that is not known yet (`sdk/nodejs/runtime/rpc.ts` of pulumi/pulumi).
 */
import { isObject, type Json, type JsonObject } from '../../ground/json';

/** Stands for a value that is known only after an operation that has not been done. */
export const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';
/** The key that makes an object special, and its value in a secret. */
export const SIGNATURE = '4dabf18193072939515e22adb298388d';
export const SECRET = '1b47061264138c4ac30d75fd1eb44270';
/** What people see in place of a secret and of an unknown. */
export const SECRET_SHOWN = '[secret]';
const UNKNOWN_SHOWN = '[unknown]';

/** Whether the value itself is wrapped as a secret. */
export function isSecret(value: Json | undefined): value is JsonObject {
  return isObject(value) && value[SIGNATURE] === SECRET;
}

/** The value as a secret; a secret stays as it is. */
export function secret(value: Json): JsonObject {
  return isSecret(value) ? value : { [SIGNATURE]: SECRET, value };
}

/** Whether there is a secret anywhere in the value. */
function containsSecret(value: Json | undefined): boolean {
  return some(value, isSecret);
}

/** Whether there is an unknown anywhere in the value. */
export function containsUnknown(value: Json | undefined): boolean {
  return some(value, (part) => part === UNKNOWN);
}

function some(value: Json | undefined, test: (part: Json) => boolean): boolean {
  if (value === undefined) return false;
  if (test(value)) return true;
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((part) => some(part, test));
}

/** The value with every secret replaced by what it wraps: what a provider is given. */
export function reveal<T extends Json>(value: T): T;
export function reveal(value: Json): Json {
  return replaceSecrets(value, (wrapped) => reveal(wrapped.value ?? null));
}

/** The value for people: `[secret]` and `[unknown]` in place of the real thing. */
export function mask(value: Json): Json {
  if (value === UNKNOWN) return UNKNOWN_SHOWN;
  if (isSecret(value)) return SECRET_SHOWN;
  return mapParts(value, mask);
}

/** The value with each outermost secret replaced by what `replace` makes of it. */
export function replaceSecrets(value: Json, replace: (wrapped: JsonObject) => Json): Json {
  return isSecret(value) ? replace(value) : mapParts(value, (part) => replaceSecrets(part, replace));
}

function mapParts(value: Json, change: (part: Json) => Json): Json {
  if (Array.isArray(value)) return value.map(change);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, change(part)]));
}

/**
 * Marks in `values` what is secret in `like`: objects key by key, anything else as a whole when there is a secret in its
 * counterpart. A provider answers in clear; this is how the engine knows what was secret (`annotateSecrets` in
 * `pkg/resource/plugin/provider_plugin.go`).
 */
export function markSecrets(values: JsonObject, like: JsonObject, alsoSecret: readonly string[] = []): JsonObject {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      alsoSecret.includes(key) ? secret(value) : markSecret(value, like[key]),
    ]),
  );
}

function markSecret(value: Json, like: Json | undefined): Json {
  if (!containsSecret(like)) return value;
  if (isObject(value) && !isSecret(value) && isObject(like) && !isSecret(like)) return markSecrets(value, like);
  return secret(value);
}

/** Whether two values are the same, whatever the order of keys. */
export function equal(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((part, i) => equal(part, b[i]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && equal(a[key], b[key]));
}

/** The names of the properties in which two objects differ, secrets compared by what they wrap. */
export function changedKeys(olds: JsonObject, news: JsonObject): string[] {
  const [before, after] = [reveal(olds), reveal(news)];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => !equal(before[key], after[key]));
}
