/** The OpenWhisk that the trigger is in, by its REST API (apache/openwhisk/docs/rest_api.md, "Triggers"). */
import { z } from 'zod';
import { encodeBasicAuthorization } from '../ground/basic-auth';
import type { Fire, Fired } from './feed';
import { parseActivation, type ReadActivation } from './outcome';

/** How to reach it. */
export interface OpenWhisk {
  /** URL of the API host, without a trailing slash. */
  readonly apihost: string;
  /** The key, `UUID:KEY`. */
  readonly auth: string;
}

/** A trigger by its namespace (`_` for that of the key) and name. */
export interface TriggerName {
  readonly namespace: string;
  readonly name: string;
}

/** Milliseconds for one request. */
const TIMEOUT = 30_000;

/** An event that OpenWhisk will not take, ever: malformed, or larger than a payload may be. */
const AT_FAULT = new Set([400, 413]);

/** The answer to a firing. */
const accepted = z.object({ activationId: z.string() });

/** Fires a trigger with an event. */
export function fireTrigger(openwhisk: OpenWhisk, trigger: TriggerName): Fire {
  return async (event, signal): Promise<Fired> => {
    let status: number;
    let text: string;
    let retryAfter: number;
    // Not AbortSignal.any: `signal` lives as long as the feed, and would keep a little of every request.
    const request = new AbortController();
    const cut = (): void => request.abort(new Error('the feed is stopping'));
    const timer = setTimeout(() => request.abort(new Error(`no answer within ${TIMEOUT / 1000} s`)), TIMEOUT);
    signal.addEventListener('abort', cut);
    if (signal.aborted) cut();
    try {
      const answer = await fetch(locateTrigger(openwhisk, trigger), {
        method: 'POST',
        headers: { ...authorize(openwhisk), 'content-type': 'application/json' },
        body: JSON.stringify(event),
        signal: request.signal,
      });
      status = answer.status;
      retryAfter = Number(answer.headers.get('retry-after') ?? 0) * 1000;
      text = await answer.text();
    } catch (error) {
      return { outcome: 'unavailable', reason: `OpenWhisk cannot be reached: ${readCause(error)}` };
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', cut);
    }
    // 204: nobody listens, as no rule is active. The event has happened all the same.
    if (status === 204) return { outcome: 'accepted' };
    if (status === 202) return { outcome: 'accepted', ...accepted.safeParse(tryJson(text)).data };
    const reason = `OpenWhisk answered ${status}: ${readWords(text)}`;
    if (AT_FAULT.has(status)) return { outcome: 'refused', reason };
    // Also 401, 403 and 404: the key is new and not known everywhere yet, or the trigger is about to be made anew.
    return { outcome: 'unavailable', reason, ...(retryAfter > 0 ? { retryAfter } : {}) };
  };
}

const trigger = z.object({ annotations: z.array(z.object({ key: z.string(), value: z.unknown() })).default([]) });

/**
 * Whether a trigger is there and has a feed, that is the annotation `feed` (apache/openwhisk/docs/feeds.md).
 * @throws Error in words when OpenWhisk does not say
 */
export async function hasFeed(openwhisk: OpenWhisk, name: TriggerName, signal?: AbortSignal): Promise<boolean> {
  const json = await get(openwhisk, locateTrigger(openwhisk, name), signal);
  return json !== undefined && trigger.parse(json).annotations.some(({ key }) => key === 'feed');
}

/** Reads activations of a namespace. */
export function readActivations(openwhisk: OpenWhisk, namespace: string): ReadActivation {
  const url = `${locateNamespace(openwhisk, namespace)}/activations`;
  return async (id, signal) => {
    const json = await get(openwhisk, `${url}/${encodeURIComponent(id)}`, signal);
    return json === undefined ? undefined : parseActivation(json);
  };
}

/** The JSON at an address; undefined when OpenWhisk says that there is nothing. @throws Error in words */
async function get(openwhisk: OpenWhisk, url: string, signal?: AbortSignal): Promise<unknown> {
  const limit = AbortSignal.timeout(TIMEOUT);
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(url, {
      headers: authorize(openwhisk),
      signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
    });
    text = await answer.text();
  } catch (error) {
    throw new Error(`OpenWhisk at ${openwhisk.apihost} cannot be reached: ${readCause(error)}`);
  }
  if (answer.status === 404 && isOpenWhisk(text)) return undefined;
  if (!answer.ok) throw new Error(`OpenWhisk answered ${answer.status}: ${readWords(text)}`);
  return JSON.parse(text);
}

/** Its 404 is JSON with an error; that of an ingress which has no OpenWhisk behind it yet is not. */
function isOpenWhisk(text: string): boolean {
  return refusal.safeParse(tryJson(text)).success;
}

function locateTrigger(openwhisk: OpenWhisk, { namespace, name }: TriggerName): string {
  return `${locateNamespace(openwhisk, namespace)}/triggers/${encodeURIComponent(name)}`;
}

function locateNamespace({ apihost }: OpenWhisk, namespace: string): string {
  return `${apihost}/api/v1/namespaces/${encodeURIComponent(namespace)}`;
}

function authorize({ auth }: OpenWhisk): { authorization: string } {
  return { authorization: encodeBasicAuthorization(auth) };
}

const refusal = z.object({ error: z.string() });

function readWords(text: string): string {
  return refusal.safeParse(tryJson(text)).data?.error ?? JSON.stringify(text.slice(0, 200));
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `fetch failed` says nothing; its cause does. */
function readCause(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message || String(error.cause) : error.message;
}
