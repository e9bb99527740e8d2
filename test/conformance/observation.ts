/** What an answer amounts to, in a form that is the same in every run: to be compared with the recorded expectation. */
import { createHash } from 'node:crypto';
import type { Json } from '../../ground/json';
import type { Expectation, Step } from './case';
import type { Answer } from './requests';
import { isObject, unfill, type Variables, valueAt } from './variables';

const LOG_LINE = /^\d{4}-\d\d-\d\dT[\d:.]+Z\s+(stdout|stderr): ?/;
const WHOLE_NUMBERS = new Set(['start', 'end', 'duration', 'updated', 'size']);
/** Bytes above which a body is compared by its digest. */
const LARGE = 20_000;

function sortedJson(value: Json): string {
  return JSON.stringify(value, (_, item: Json) =>
    isObject(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item,
  );
}

function asSet(list: Json[]): Json[] {
  return [...list].sort((a, b) => (sortedJson(a) < sortedJson(b) ? -1 : 1));
}

function text(value: string, variables: Variables): string {
  return unfill(value, variables).replace(/\b[0-9a-f]{32}\b/g, '<activationId>');
}

function isPair(item: Json): item is { key: Json; value: Json } {
  return isObject(item) && 'key' in item && 'value' in item;
}

/** Annotations and parameters are sets; `initTime` only tells that a sandbox was new. */
function pairs(list: { key: Json; value: Json }[], variables: Variables): Json[] {
  const kept = list.filter(({ key }) => key !== 'initTime');
  const stable = kept.map((pair) =>
    pair.key === 'waitTime' && Number.isInteger(pair.value) ? { ...pair, value: '<int>' } : pair,
  );
  return asSet(stable.map((pair) => stableJson(pair, variables)));
}

/** Two streams of one action have no common order; the lines of a trigger are a set. */
function logs(lines: string[], variables: Variables): Json {
  if (lines.every((line) => LOG_LINE.test(line))) {
    const untimed = lines.map((line) => unfill(line.replace(LOG_LINE, '<time> $1: '), variables));
    const of = (stream: string): string[] => untimed.filter((line) => line.startsWith(`<time> ${stream}`));
    return [...of('stdout'), ...of('stderr')];
  }
  if (lines.every((line) => line.startsWith('{'))) {
    return asSet(lines.map((line) => stableJson(JSON.parse(line) as Json, variables)));
  }
  return lines.map((line) => text(line, variables));
}

function field(owner: { [key: string]: Json }, key: string, value: Json, variables: Variables): Json {
  // A picked path such as `body.logs` is treated as the field at its end.
  const name = key.startsWith('body.') ? key.slice(key.lastIndexOf('.') + 1) : key;
  if (WHOLE_NUMBERS.has(name) && Number.isInteger(value)) return '<int>';
  if (key === 'code' && typeof value === 'string' && value !== '' && typeof owner.error === 'string') return '<code>';
  if (name === 'logs' && Array.isArray(value) && value.length > 0) {
    const lines = value.filter((line) => typeof line === 'string');
    if (lines.length === value.length) return logs(lines, variables);
  }
  return stableJson(value, variables);
}

function stableJson(value: Json, variables: Variables): Json {
  if (typeof value === 'string') return text(value, variables);
  if (Array.isArray(value)) {
    if (value.length > 0 && value.every(isPair)) return pairs(value.filter(isPair), variables);
    return value.map((item) => stableJson(item, variables));
  }
  if (!isObject(value)) return value;
  const fields = Object.entries(value).map(([key, item]): [string, Json] => [
    text(key, variables),
    field(value, key, item, variables),
  ]);
  return Object.fromEntries(fields);
}

function header(name: string, value: Json | undefined, variables: Variables): Json {
  if (value === undefined) return null;
  if (Array.isArray(value)) return asSet(value);
  const plain = String(value);
  if (name === 'content-type') {
    const type = plain.toLowerCase().replace(/\s*;\s*/g, '; ');
    return type === 'application/json; charset=utf-8' ? 'application/json' : type;
  }
  if (name === 'www-authenticate') return plain.toLowerCase().replace(/\s*,\s*/g, ', ');
  if (name === 'allow' || name.startsWith('access-control-')) {
    const items = plain.split(',').map((item) => item.trim().toLowerCase());
    return items.sort().join(', ');
  }
  return text(plain, variables);
}

/** Replaces the value at a path by what `change` makes of it; undefined removes it. */
function changeAt(body: Json, where: string, change: (value: Json) => Json | undefined): void {
  const dot = where.lastIndexOf('.');
  const owner = valueAt({ body }, where.slice(0, dot));
  const key = where.slice(dot + 1);
  if (!isObject(owner) || owner[key] === undefined) return;
  const changed = change(owner[key]);
  if (changed === undefined) delete owner[key];
  else owner[key] = changed;
}

function comparedBody(step: Step, body: Json, variables: Variables): Json {
  let result: Json = structuredClone(body);
  if (step.own && Array.isArray(result)) {
    result = result.filter((item) => isObject(item) && String(item.name ?? '').startsWith(String(variables.p)));
  }
  for (const where of step.drop ?? []) changeAt(result, where, () => undefined);
  for (const [where, pattern] of Object.entries(step.mask ?? {})) {
    const matches = new RegExp(pattern, 's');
    changeAt(result, where, (value) => (matches.test(String(value)) ? `<matches ${pattern}>` : value));
  }
  if (!step.pick) return result;
  const whole = result;
  return Object.fromEntries(step.pick.map((where) => [where, valueAt({ body: whole }, where) ?? null]));
}

function bodyForm(answer: Answer, body: Json | undefined, variables: Variables): Partial<Expectation> {
  const { bytes, headers } = answer;
  if (bytes.length === 0) return { empty: true };
  if (body !== undefined) {
    const stable = stableJson(body, variables);
    if (JSON.stringify(stable).length <= LARGE) return { body: stable };
  }
  if (bytes.length > LARGE) {
    return { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  }
  const plain = bytes.toString('utf8');
  const isText = /^(text\/|application\/(xml|javascript|json)|image\/svg)/.test(String(headers['content-type'] ?? ''));
  if (isText && Buffer.from(plain).equals(bytes)) return { text: text(plain, variables) };
  return { base64: bytes.toString('base64') };
}

/** The observation of an answer to `step`: equal to `step.expect` when the server behaves as recorded. */
export function observe(step: Step, answer: Answer, variables: Variables): Expectation {
  const headers = Object.keys(step.expect.headers).map((name): [string, Json] => [
    name,
    header(name, answer.headers[name], variables),
  ]);
  const body = answer.body === undefined ? undefined : comparedBody(step, answer.body, variables);
  return { status: answer.status, headers: Object.fromEntries(headers), ...bodyForm(answer, body, variables) };
}
