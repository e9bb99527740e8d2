/** The annotation `require-whisk-auth`: who may call a web action. */
import { ExactNumber } from '../../../ground/exact-json';
import type { Identity, ResolvedAction } from '../core';
import { isSameSecret } from '../credentials';
import { findValue } from '../entity/parameters';

/**
 * Whether a request may go on to the action: a text or number must be repeated in `X-Require-Whisk-Auth`, `true` wants
 * a valid key, `false` and no annotation want nothing, and any other value shuts everybody out.
 */
export function isAuthorized(
  action: ResolvedAction,
  headers: Readonly<Record<string, string>>,
  caller: Identity | undefined,
): boolean {
  const required = findValue(action.annotations, 'require-whisk-auth');
  if (required === undefined || required === false) return true;
  if (required === true) return caller !== undefined;
  const isNumber = typeof required === 'number' || required instanceof ExactNumber;
  if (typeof required !== 'string' && !isNumber) return false;
  const given = headers['x-require-whisk-auth'];
  return given !== undefined && isSameSecret(given, String(required));
}
