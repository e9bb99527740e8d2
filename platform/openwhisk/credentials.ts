/** What an `Authorization` header says: credentials of the scheme Basic (RFC 7617), or what OpenWhisk answers without them. */
import { hash, timingSafeEqual } from 'node:crypto';

/** The grammar of Pekko HTTP (`basic-credential-def`). */
const BASIC = /^\s*basic[ \t]*([a-z0-9._~+/-]+=*)\s*$/i;

/** User and password of a `Basic` header; undefined when it is no such header. */
export function readCredentials(authorization: string | undefined): { user: string; password: string } | undefined {
  const encoded = BASIC.exec(authorization ?? '')?.[1];
  const text = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** Equality that takes as long for a nearly right secret as for a wrong one. */
export function isSameSecret(given: string, expected: string): boolean {
  const digest = (text: string) => hash('sha256', text, 'buffer');
  return timingSafeEqual(digest(given), digest(expected));
}

/** The challenge of every 401. */
export const CHALLENGE: readonly [string, string] = [
  'WWW-Authenticate',
  'Basic realm="OpenWhisk secure realm",charset=UTF-8',
];

/**
 * The text of a 401. Another scheme, and a header that cannot be read, is to OpenWhisk as if there were none
 * (`BasicAuthenticationDirective`: `authenticateOrRejectWithChallenge[BasicHttpCredentials, A]`).
 */
export function explainRefusal(authorization: string | undefined): string {
  return BASIC.test(authorization ?? '')
    ? 'The supplied authentication is invalid'
    : 'The resource requires authentication, which was not supplied with the request';
}
