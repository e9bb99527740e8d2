import type { Input } from '@pulumi/pulumi';
import { isUnknown } from '../dynamic/unknown';
import { isMadeAnew } from './store-gone';

/**
 * Where OpenWhisk is and who calls it.
 *
 * @example
 * const connection: Connection = {
 *   apihost: 'https://openwhisk.example.org',
 *   auth: config.requireSecret('auth'), // 'UUID:KEY', as `wsk property get --auth` prints it
 * };
 */
export interface Connection {
  /** The API host, e.g. `https://openwhisk.example.org:31001`; without a scheme it is `https`. */
  apihost: Input<string>;
  /** `UUID:KEY`. Always kept as a secret. */
  auth: Input<string>;
  /** The namespace; `_`, the default, is the one that belongs to the key. */
  namespace?: Input<string | undefined>;
  /** PEM of the authority that signed the host's certificate, when the system does not know it. */
  caCertificate?: Input<string | undefined>;
  /** Accept any certificate. For trials only: anyone in between can then read the key. */
  insecure?: Input<boolean | undefined>;
  /** What to do when nothing answers at `apihost`, in words: a part of the error then. */
  startHint?: Input<string | undefined>;
  /** The server proves that it knows the key before the key is sent (`server-proof`); no real OpenWhisk does. */
  provesKey?: Input<boolean | undefined>;
}

/** A {@link Connection} as a provider receives it. */
export interface KnownConnection {
  readonly apihost: string;
  readonly auth: string;
  readonly namespace?: string;
  readonly caCertificate?: string;
  readonly insecure?: boolean;
  readonly startHint?: string;
  readonly provesKey?: boolean;
}

/** The host with a scheme and without a path: `https://host:port`. */
export function toHostUrl(apihost: string): string {
  const url = /^https?:\/\//i.test(apihost) ? apihost : `https://${apihost}`;
  return new URL(url).origin;
}

/** The namespace in the form that REST paths take: `_` unless one is named. */
export function namespaceOf(connection: KnownConnection): string {
  return connection.namespace === undefined || connection.namespace === '' ? '_' : connection.namespace;
}

/** The part of the key that is no secret: the UUID, which is also the tenant of the API gateway. */
export function uuidOf(connection: Pick<KnownConnection, 'auth'>): string {
  return connection.auth.split(':')[0] ?? '';
}

/**
 * What a change of the connection means for an entity that exists.
 * - `same`: nothing changed.
 * - `update`: the same OpenWhisk under a new key, a new host name or another certificate.
 * - `replace`: another namespace, or another OpenWhisk (host and UUID both differ). One whose store was made anew has
 *   nothing left to replace, wherever it now is: an update makes all of it again.
 *
 * @param namespace The real namespace of the entity, as OpenWhisk told it; undefined in old state.
 */
export function compareConnections(
  old: KnownConnection | undefined,
  next: KnownConnection,
  namespace?: string,
): 'same' | 'update' | 'replace' {
  if (isUnknown(next)) return 'update';
  if (old === undefined) return 'update';
  const [host, oldHost] = [readKnown(next.apihost, toHostUrl), readKnown(old.apihost, toHostUrl)];
  const uuidChanged = !isUnknown(next.auth) && uuidOf(next) !== uuidOf(old);
  if (uuidChanged && isMadeAnew(old.auth, next.auth)) return 'update';
  if (host !== undefined && host !== oldHost && uuidChanged) return 'replace';
  if (!isUnknown(next.namespace) && movesNamespace(old, next, namespace)) return 'replace';
  const same =
    host === oldHost &&
    next.auth === old.auth &&
    namespaceOf(next) === namespaceOf(old) &&
    next.caCertificate === old.caCertificate &&
    (next.insecure ?? false) === (old.insecure ?? false);
  return same ? 'same' : 'update';
}

function movesNamespace(old: KnownConnection, next: KnownConnection, namespace: string | undefined): boolean {
  const wanted = namespaceOf(next);
  if (wanted === '_') return false; // belongs to the key; an update finds out whether it is still the same
  const actual = namespace ?? namespaceOf(old);
  return actual !== '_' && wanted !== actual;
}

function readKnown(value: string, read: (value: string) => string): string | undefined {
  if (isUnknown(value)) return undefined;
  return URL.canParse(/^https?:\/\//i.test(value) ? value : `https://${value}`) ? read(value) : value;
}
