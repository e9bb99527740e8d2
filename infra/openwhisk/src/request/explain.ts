import { type KnownConnection, namespaceOf, toHostUrl } from '../connection/connection';
import { plainError } from '../dynamic/plain-error';
import { listStrings } from '../json';
import { RequestError } from './retry';
import { isKnownSilence, noteSilence } from './silence';

/** What was being done when a request failed. */
export interface Doing {
  /** `create`, `update`, `read`, `delete`. */
  readonly verb: string;
  /** `action "/_/pdfmagic/v0"`. */
  readonly what: string;
  readonly connection: KnownConnection;
  /** Values that must not appear in an error: secrets may be among them. */
  readonly hide?: unknown;
}

/**
 * The error a person sees: what could not be done, where, why, and what to do about it. It holds no key and no
 * parameter value, and no `cause` that could. That nothing answers is said at length once, and shortly of all the others.
 */
export function explain(error: unknown, doing: Doing): Error {
  const step = `${doing.verb} ${doing.what}`;
  if (!(error instanceof RequestError)) {
    const known = error instanceof Error ? error.message : String(error);
    return plainError(hide(known, doing), step);
  }
  const { status, text } = error.failure;
  const answer = status === undefined ? text : `${status}, ${text}`;
  const where = toHostUrl(doing.connection.apihost);
  if (isKnownSilence(error.failure)) {
    return plainError(hide(`Could not ${step} either: nothing answers at ${where}.`, doing), step);
  }
  noteSilence(error.failure);
  const words = `Could not ${step} at ${where}: ${answer.trim()}\n${advise(error, doing)}`;
  return plainError(hide(words, doing).trim(), step);
}

function advise(error: RequestError, doing: Doing): string {
  const host = toHostUrl(doing.connection.apihost);
  const namespace = namespaceOf(doing.connection);
  switch (error.failure.kind) {
    case 'unauthenticated':
      return 'OpenWhisk does not know this key. Set connection.auth to the UUID:KEY that `wsk property get --auth` prints, and check that connection.apihost is the OpenWhisk it belongs to.';
    case 'forbidden':
      return `The key is valid but may not do this in namespace "${namespace}". Leave connection.namespace out to work in the key's own namespace, or ask the owner of this one for a key.`;
    case 'absent':
      return 'There is nothing of this name in this namespace. If it is inside a package, create the package first; compare with `wsk list`.';
    case 'exists':
      return 'It already exists and was not created by this resource. Delete it, choose another name, or set `adopt: true` to take it over.';
    case 'concurrent':
      return 'Something else keeps changing the same entity. Wait until it is done, then run this again.';
    case 'other-collection':
      return 'An action, package, trigger or rule of another kind has this name; names are shared among them. Choose another name or delete the other one.';
    case 'not-empty':
      return 'The package holds actions that this program does not manage. Delete them with `wsk action delete` (see `wsk package get`), then run this again.';
    case 'too-large':
      return 'It is larger than OpenWhisk, or a proxy in front of it, accepts: code may have 48 MB as base64 (36 MB of zip), parameters 1 MiB. Make it smaller, or raise the limit of the proxy.';
    case 'throttled':
      return 'OpenWhisk limits the calls of a namespace per minute, and waiting for a while did not help. Try again in a minute.';
    case 'unavailable':
      return 'OpenWhisk, or a proxy in front of it, keeps failing. Check its health, then run this again.';
    case 'action-failed':
      return 'An action of the platform itself ran and refused. Its message above says why.';
    case 'refused':
      return `Nothing answers at ${host}. ${doing.connection.startHint ?? 'Is OpenWhisk running there, and is connection.apihost right (scheme and port too)?'}`;
    case 'lost':
      return `The connection to ${host} keeps breaking. Check the network, then run this again.`;
    case 'unreachable':
      return `${host} cannot be reached or trusted. Check the name; for a certificate of your own set connection.caCertificate.`;
    case 'rejected':
      return '';
  }
}

/** Blanks the key in each of its forms and all longer values of `hide`. */
function hide(text: string, doing: Doing): string {
  const { auth } = doing.connection;
  const values = [
    auth,
    auth.slice(auth.indexOf(':') + 1),
    Buffer.from(auth).toString('base64'),
    ...listSecrets(doing.hide),
  ];
  return values
    .filter((value) => value.length > 0)
    .sort((a, b) => b.length - a.length)
    .reduce((safe, value) => safe.replaceAll(value, '[hidden]'), text);
}

/** Short values are words like `main`: blanking them would make errors unreadable and hide nothing. */
function listSecrets(hide: unknown): string[] {
  return listStrings(hide).filter((value) => value.length >= 6);
}
