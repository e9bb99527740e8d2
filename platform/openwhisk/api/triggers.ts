/** The collection `triggers`: PUT, GET, DELETE, and firing. */
import { fireTrigger } from '../activation/fire';
import { type KeyValue, Refusal } from '../core';
import { raisePatch, type TriggerDocument } from '../entity/documents';
import { messages } from '../entity/messages';
import { type EntityReference, makeDocumentId, parsePath } from '../entity/names';
import { findValue } from '../entity/parameters';
import { refuseMissing } from './authorize';
import type { Call } from './call';
import { decodePut } from './decode';
import { type Reply, replyActivation, replyOk } from './reply';
import { payloadOf, requireJsonType } from './request';
import { viewTrigger } from './views';

function requireTrigger(call: Call, place: EntityReference): TriggerDocument {
  const trigger = call.store.entities.get(makeDocumentId(place));
  if (trigger?.entityType !== 'trigger') throw refuseMissing(trigger !== undefined);
  return trigger;
}

/** The feed is but an annotation: its life is the deployer's. Only its name must be one. */
function checkFeed(annotations: readonly KeyValue[]): void {
  const feed = findValue(annotations, 'feed');
  if (feed === undefined) return;
  if (typeof feed !== 'string' || !parsePath(feed)) throw new Refusal(400, messages.feedNotValid);
}

/** `PUT triggers/T`; its rules stay. */
export async function putTrigger(call: Call, place: EntityReference): Promise<Reply> {
  const { store, identity, invoker, query } = call;
  requireJsonType(call.contentType);
  const put = decodePut(call.body, {
    collection: 'triggers',
    namespace: identity.namespace,
    runtimes: invoker.runtimes,
  });
  const overwrite = query.readFlag('overwrite');
  const existing = store.entities.get(makeDocumentId(place));
  const old = existing?.entityType === 'trigger' ? existing : undefined;
  if (existing && !old) throw refuseMissing(true);
  if (old && !overwrite) throw new Refusal(409, messages.resourceAlreadyExists);
  if (!old) checkFeed(put.annotations ?? []);
  const trigger: TriggerDocument = {
    entityType: 'trigger',
    namespace: place.path,
    name: place.name,
    version: put.version ?? (old ? raisePatch(old.version) : '0.0.1'),
    publish: put.publish ?? old?.publish ?? false,
    annotations: put.annotations ?? old?.annotations ?? [],
    parameters: put.parameters ?? old?.parameters ?? [],
    ...(old?.rules === undefined ? {} : { rules: old.rules }),
    ...store.entities.stamp(),
  };
  store.entities.change({ put: [trigger] });
  return replyOk(viewTrigger(trigger));
}

/** `GET triggers/T`. */
export function getTrigger(call: Call, place: EntityReference): Reply {
  return replyOk(viewTrigger(requireTrigger(call, place)));
}

/** `DELETE triggers/T`: its rules stay, and are inactive from then on. */
export async function deleteTrigger(call: Call, place: EntityReference): Promise<Reply> {
  const trigger = requireTrigger(call, place);
  call.store.entities.change({ remove: [makeDocumentId(place)] });
  return replyOk(viewTrigger(trigger));
}

/** `POST triggers/T`: 202 with the id of its activation, or 204 when no rule is active. */
export async function postTrigger(call: Call, place: EntityReference): Promise<Reply> {
  requireJsonType(call.contentType);
  const payload = payloadOf(call.body);
  const trigger = requireTrigger(call, place);
  const { identity, headers, transactionId, store, service } = call;
  // In OpenWhisk the content's own headers belong to the body, and are not handed on.
  const { 'content-type': _type, 'content-length': _length, ...handed } = headers();
  const fire = { identity, trigger, payload, headers: handed, transactionId };
  const activationId = await fireTrigger(store.entities, service, fire);
  return activationId === undefined ? { status: 204 } : replyActivation(202, activationId, { activationId });
}
