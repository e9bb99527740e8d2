/** The collection `packages`: packages and bindings. Rules of merging after `Packages` of Apache OpenWhisk. */
import { type KeyValue, Refusal } from '../core';
import { type Binding, idOf, type PackageDocument, raisePatch } from '../entity/documents';
import { messages } from '../entity/messages';
import { type EntityReference, makeDocumentId } from '../entity/names';
import { findValue, mergeParameters, removeKeys } from '../entity/parameters';
import { refuseMissing, requireReadablePackage } from './authorize';
import type { Call } from './call';
import { decodePut } from './decode';
import { type Reply, replyOk } from './reply';
import { requireJsonType } from './request';
import { viewPackage, viewPackagedAction } from './views';

/** Checks that a package can be bound: there, the caller's, and no binding itself. @throws Refusal 400, 403, 409 */
function checkBinding(call: Call, { namespace, name }: Binding): void {
  let provider: PackageDocument;
  try {
    provider = requireReadablePackage(call, `${namespace}/${name}`);
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) throw new Refusal(400, messages.bindingDoesNotExist);
    if (error instanceof Refusal && error.status === 409) throw new Refusal(409, messages.bindingNotAPackage);
    throw error;
  }
  if (provider.binding) throw new Refusal(400, messages.bindingToBinding);
}

/** The annotation by which clients see in a list what a binding is bound to: only the server sets it. */
function annotateBinding(annotations: readonly KeyValue[], binding: Binding | undefined): KeyValue[] {
  const own = removeKeys(annotations, ['binding']);
  return binding ? mergeParameters(own, [{ key: 'binding', value: { ...binding } }]) : own;
}

/** `PUT packages/P`. */
export async function putPackage(call: Call, place: EntityReference): Promise<Reply> {
  const { store, identity, invoker, query } = call;
  requireJsonType(call.contentType);
  const put = decodePut(call.body, {
    collection: 'packages',
    namespace: identity.namespace,
    runtimes: invoker.runtimes,
  });
  const overwrite = query.readFlag('overwrite');
  if (place.name === 'default') throw new Refusal(400, messages.packageReserved(place.name));
  const existing = store.entities.get(makeDocumentId(place));
  const old = existing?.entityType === 'package' ? existing : undefined;
  if (existing && !old) throw refuseMissing(true);
  if (old && !overwrite) throw new Refusal(409, messages.resourceAlreadyExists);
  if (put.binding) {
    if (old && !old.binding) throw new Refusal(409, messages.packageCannotBecomeBinding);
    checkBinding(call, put.binding);
  }
  const binding = put.binding ?? old?.binding;
  const pkg: PackageDocument = {
    entityType: 'package',
    namespace: place.path,
    name: place.name,
    version: put.version ?? (old ? raisePatch(old.version) : '0.0.1'),
    publish: put.publish ?? old?.publish ?? false,
    annotations: annotateBinding(put.annotations ?? old?.annotations ?? [], binding),
    parameters: put.parameters ?? old?.parameters ?? [],
    ...(binding === undefined ? {} : { binding }),
    ...store.entities.stamp(),
  };
  store.entities.change({ put: [pkg] });
  return replyOk(viewPackage(pkg));
}

/** `GET packages/P`: with its actions and feeds; a binding shows those of what it binds, and its parameters too. */
export function getPackage(call: Call, place: EntityReference): Reply {
  const { entities } = call.store;
  const id = makeDocumentId(place);
  let pkg: PackageDocument;
  try {
    pkg = requireReadablePackage(call, id);
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) throw new Refusal(404, messages.resourceNotFound(id));
    throw error;
  }
  const providerId = pkg.binding ? `${pkg.binding.namespace}/${pkg.binding.name}` : id;
  const provider = entities.get(providerId);
  const inherited = pkg.binding && provider?.entityType === 'package' ? provider.parameters : [];
  const actions = entities.list('action', providerId);
  const isFeed = (annotations: readonly KeyValue[]): boolean => findValue(annotations, 'feed') !== undefined;
  return replyOk({
    ...viewPackage({ ...pkg, parameters: mergeParameters(inherited, pkg.parameters) }),
    actions: actions.filter((action) => !isFeed(action.annotations)).map(viewPackagedAction),
    feeds: actions.filter((action) => isFeed(action.annotations)).map(viewPackagedAction),
  });
}

/** `DELETE packages/P`: only when empty, unless `force=true`, which deletes its actions too. */
export async function deletePackage(call: Call, place: EntityReference): Promise<Reply> {
  const { store, query } = call;
  const force = query.readFlag('force');
  const id = makeDocumentId(place);
  const pkg = store.entities.get(id);
  if (pkg?.entityType !== 'package') throw refuseMissing(pkg !== undefined);
  const contents = pkg.binding ? [] : store.entities.list('action', id);
  if (contents.length > 0 && !force) throw new Refusal(409, messages.packageNotEmpty(contents.length));
  store.entities.change({ remove: [...contents.map(idOf), id] });
  return replyOk(viewPackage(pkg));
}
