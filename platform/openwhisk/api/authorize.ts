/** Who may do what, after OpenWhisk's `Entitlement`: everything in the own namespace, nothing in another. */
import { Refusal } from '../core';
import type { PackageDocument } from '../entity/documents';
import { messages } from '../entity/messages';
import { type EntityReference, rootOf } from '../entity/names';
import type { Call } from './call';

/** @throws Refusal 403 when the namespace is not the caller's; `name` is what the caller asked for */
export function requireOwn(call: Call, name: string): void {
  if (rootOf(name) !== call.identity.namespace) throw new Refusal(403, messages.notAuthorized(name));
}

/** 404 for an entity that is not there, 409 for one that is of another collection. */
export function refuseMissing(conflict: boolean): Refusal {
  return conflict ? new Refusal(409, messages.notInCollection) : new Refusal(404, messages.resourceDoesNotExist);
}

/**
 * The package of an id such as `guest/pkg`, which the caller may read, itself and what it is bound to.
 * @throws Refusal 403, 404, 409
 */
export function requireReadablePackage(call: Call, id: string): PackageDocument {
  requireOwn(call, id);
  const found = call.store.entities.get(id);
  if (found?.entityType !== 'package') throw refuseMissing(found !== undefined);
  if (found.binding) {
    const { namespace, name } = found.binding;
    if (namespace !== call.identity.namespace) throw new Refusal(403, messages.notAuthorized(id));
    const provider = call.store.entities.get(`${namespace}/${name}`);
    if (provider?.entityType !== 'package') throw refuseMissing(provider !== undefined);
  }
  return found;
}

/** Checks that the caller may read or run an action, by itself or in its package. @throws Refusal 403, 404, 409 */
export function requireReadableAction(call: Call, { path, name }: EntityReference): void {
  if (path.includes('/')) requireReadablePackage(call, path);
  else requireOwn(call, `${path}/${name}`);
}
