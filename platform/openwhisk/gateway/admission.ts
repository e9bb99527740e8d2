/**
 * Whom an API's document lets in: `securityDefinitions` and rate limits, as OpenWhisk's API gateway reads them
 * (`management/lib/swagger.lua`, `policies/security/*.lua`, `policies/rateLimit.lua`). Subscriptions are made by a portal
 * that is not here, nor in OpenWhisk's chart: what asks for one lets nobody in, and is never a route that only looks
 * protected.
 */
import { isObject, type Json, type JsonObject } from '../../../ground/json';
import { elementsOf, readAt } from '../web/json-value';

/** Why a request is turned away, in the gateway's words. */
export interface Denial {
  readonly status: number;
  readonly reason: string;
}

/** Providers whose tokens the gateway can have checked (`oauth/*.lua`); this one asks nobody. */
const OAUTH_PROVIDERS = new Set(['app-id', 'facebook', 'github', 'google', 'mock']);

/** Seconds by the unit of a rate limit; any other unit is a minute. */
const UNITS: Readonly<Record<string, number>> = { second: 1, minute: 60, hour: 3600, day: 86_400 };

const readText = (value: Json | undefined, unless: string): string => (typeof value === 'string' ? value : unless);

function denyByKey(name: string, headers: Readonly<Record<string, string>>): Denial | undefined {
  return headers[name.toLowerCase()] ? undefined : { status: 401, reason: `${name} required` };
}

/** Two definitions are the id and the secret of a client, whatever they say. */
function denyByClient(definitions: JsonObject, headers: Readonly<Record<string, string>>): Denial {
  const id = denyByKey(readText(readAt(definitions, 'client_id', 'name'), 'X-Client-ID'), headers);
  const secret = denyByKey(readText(readAt(definitions, 'client_secret', 'name'), 'X-Client-Secret'), headers);
  return id ?? secret ?? { status: 401, reason: 'Secret mismatch or not subscribed to this api.' };
}

function denyByToken(provider: string, headers: Readonly<Record<string, string>>): Denial {
  if (headers.authorization === undefined) return { status: 401, reason: 'No Authorization header provided' };
  return OAUTH_PROVIDERS.has(provider)
    ? { status: 401, reason: "OAuth token didn't work or provider doesn't support OpenID connect" }
    : { status: 500, reason: 'Error loading OAuth provider authentication module' };
}

/** Why a document's `securityDefinitions` turn a request away; undefined when they let it pass. */
export function denyBySecurity(document: JsonObject, headers: Readonly<Record<string, string>>): Denial | undefined {
  const definitions = readAt(document, 'securityDefinitions');
  if (!isObject(definitions)) return undefined;
  const all = Object.entries(definitions);
  if (all.length === 2) return denyByClient(definitions, headers);
  for (const [name, definition] of all) {
    const type = readAt(definition, 'type');
    if (type === 'apiKey') return { status: 401, reason: 'Unauthorized' };
    if (type === 'oauth2') return denyByToken(name, headers);
  }
  return undefined;
}

/** Milliseconds that must lie between two calls of an API; undefined without a limit. */
export function intervalOf(document: JsonObject): number | undefined {
  const limit = elementsOf(readAt(document, 'x-gateway-rate-limit') ?? readAt(document, 'x-ibm-rate-limit'))[0];
  if (limit === undefined) return undefined;
  const [units, rate] = [Number(readAt(limit, 'units')), Number(readAt(limit, 'rate'))];
  const interval = Math.floor((1000 * units * (UNITS[readText(readAt(limit, 'unit'), 'minute')] ?? 60)) / rate);
  return Number.isFinite(interval) && interval > 0 ? interval : undefined;
}

/** Rate limits of running APIs: each call within an API's interval after the last one that was let in is turned away. */
export class RateLimits {
  private readonly open = new Map<string, number>();

  /** `api` names the API, `now` is in milliseconds. */
  findDenial(api: string, document: JsonObject, now: number): Denial | undefined {
    const interval = intervalOf(document);
    if (interval === undefined) return undefined;
    if (now < (this.open.get(api) ?? 0)) return { status: 429, reason: 'Rate limit exceeded' };
    this.open.set(api, now + interval);
    return undefined;
  }
}
