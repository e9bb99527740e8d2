/** The collection `rules`. A rule's status and its link to an action live in its trigger, as in OpenWhisk. */

import { writeJson } from '../../../ground/exact-json';
import { isObject } from '../../../ground/json';
import { resolveAction } from '../activation/target';
import { Refusal } from '../core';
import {
  type Entity,
  idOf,
  type RuleDocument,
  type RuleStatus,
  raisePatch,
  type TriggerDocument,
} from '../entity/documents';
import { messages } from '../entity/messages';
import { type EntityReference, makeDocumentId } from '../entity/names';
import { refuseMissing, requireOwn, requireReadableAction } from './authorize';
import type { Call } from './call';
import { decodePut, type EntityPut } from './decode';
import { type Reply, replyOk } from './reply';
import { jsonOf, Rejection, requireJsonType } from './request';
import { statusOf, viewRule } from './views';

function requireRule(call: Call, place: EntityReference): RuleDocument {
  const rule = call.store.entities.get(makeDocumentId(place));
  if (rule?.entityType !== 'rule') throw refuseMissing(rule !== undefined);
  return rule;
}

function triggerOf(call: Call, rule: RuleDocument): TriggerDocument | undefined {
  const trigger = call.store.entities.get(makeDocumentId(rule.trigger));
  return trigger?.entityType === 'trigger' ? trigger : undefined;
}

function link(trigger: TriggerDocument, rule: RuleDocument, status: RuleStatus): TriggerDocument {
  return { ...trigger, rules: { ...trigger.rules, [idOf(rule)]: { action: rule.action, status } } };
}

function unlink(trigger: TriggerDocument, rule: RuleDocument): TriggerDocument {
  const { [idOf(rule)]: _, ...rules } = trigger.rules ?? {};
  return { ...trigger, rules };
}

function checkEntitlement(call: Call, { trigger, action }: EntityPut): void {
  if (trigger) requireOwn(call, makeDocumentId(trigger));
  if (action) requireReadableAction(call, action);
}

/** The trigger of a rule, whose action is there too. @throws Refusal 400 naming what is not */
function requireTrigger(call: Call, trigger: EntityReference, action: EntityReference): TriggerDocument {
  const { entities } = call.store;
  const found = entities.get(makeDocumentId(trigger));
  if (!found) throw new Refusal(400, messages.ruleTargetMissing('trigger', makeDocumentId(trigger)));
  if (found.entityType !== 'trigger') throw new Refusal(400, messages.notInCollection);
  const resolution = resolveAction(entities, action);
  if (resolution.found) return found;
  if (resolution.conflict) throw new Refusal(400, messages.notInCollection);
  throw new Refusal(400, messages.ruleTargetMissing('action', makeDocumentId(action)));
}

/** `PUT rules/R`: a new rule is active; a changed one stays what it was. */
export async function putRule(call: Call, place: EntityReference): Promise<Reply> {
  const { store, identity, invoker, query } = call;
  requireJsonType(call.contentType);
  const put = decodePut(call.body, { collection: 'rules', namespace: identity.namespace, runtimes: invoker.runtimes });
  const overwrite = query.readFlag('overwrite');
  checkEntitlement(call, put);
  const existing = store.entities.get(makeDocumentId(place));
  const old = existing?.entityType === 'rule' ? existing : undefined;
  if (existing && !old) throw refuseMissing(true);
  if (old && !overwrite) throw new Refusal(409, messages.resourceAlreadyExists);
  const trigger = put.trigger ?? old?.trigger;
  const action = put.action ?? old?.action;
  if (!trigger || !action) throw new Refusal(400, messages.ruleIncomplete);
  const fired = requireTrigger(call, trigger, action);
  const rule: RuleDocument = {
    entityType: 'rule',
    namespace: place.path,
    name: place.name,
    version: put.version ?? (old ? raisePatch(old.version) : '0.0.1'),
    publish: put.publish ?? old?.publish ?? false,
    annotations: put.annotations ?? old?.annotations ?? [],
    trigger,
    action,
    ...store.entities.stamp(),
  };
  const before = old && triggerOf(call, old);
  const status = old ? statusOf(old, before) : 'active';
  const changed: Entity[] = [rule, link(fired, rule, status)];
  if (old && before && idOf(before) !== idOf(fired)) changed.push(unlink(before, old));
  store.entities.change({ put: changed });
  return replyOk(viewRule(rule, status));
}

/** `GET rules/R`. */
export function getRule(call: Call, place: EntityReference): Reply {
  const rule = requireRule(call, place);
  return replyOk(viewRule(rule, statusOf(rule, triggerOf(call, rule))));
}

/** `DELETE rules/R`: its trigger forgets it. */
export async function deleteRule(call: Call, place: EntityReference): Promise<Reply> {
  const rule = requireRule(call, place);
  const trigger = triggerOf(call, rule);
  call.store.entities.change({ put: trigger ? [unlink(trigger, rule)] : [], remove: [idOf(rule)] });
  return replyOk(viewRule(rule, 'inactive'));
}

function readStatus(body: Buffer): RuleStatus {
  const value = jsonOf(body);
  const malformed = (why: string): Rejection => new Rejection(400, messages.contentMalformed(why));
  if (!isObject(value)) throw malformed('JSON object expected');
  const { status } = value;
  if (status === undefined) throw malformed('key not found: status');
  if (typeof status !== 'string') throw malformed(`${writeJson(status)} is not a recognized rule state`);
  if (status !== 'active' && status !== 'inactive') throw malformed(messages.ruleStatusUnknown(status));
  return status;
}

/** `POST rules/R` with `{status}`: switches it on or off. */
export async function postRule(call: Call, place: EntityReference): Promise<Reply> {
  requireJsonType(call.contentType);
  const status = readStatus(call.body);
  const rule = requireRule(call, place);
  const trigger = triggerOf(call, rule);
  if (status !== statusOf(rule, trigger)) {
    if (!trigger) throw new Refusal(404, messages.ruleWithoutTrigger);
    call.store.entities.change({ put: [link(trigger, rule, status)] });
  }
  return { status: 200, text: 'OK' };
}
