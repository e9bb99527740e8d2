/** Firing a trigger: every active rule's action is accepted, or none is. Behaviour after `Triggers` of Apache OpenWhisk. */

import { messageOf } from '../../../ground/errors';
import { writeJson } from '../../../ground/exact-json';
import type { JsonObject } from '../../../ground/json';
import type { Identity } from '../core';
import type { RuleLink, TriggerDocument } from '../entity/documents';
import { limits } from '../entity/limits';
import { messages } from '../entity/messages';
import { makeDocumentId } from '../entity/names';
import { toObject } from '../entity/parameters';
import type { EntityStore } from '../store/entities';
import type { ActivationRecord } from './record';
import { makeActivationId } from './runner';
import type { ActivationService, InvocationRequest } from './service';
import { resolveAction, targetOf } from './target';

/** One firing of a trigger: by whom, and with what. */
export interface Fire {
  readonly identity: Identity;
  readonly trigger: TriggerDocument;
  readonly payload: JsonObject;
  /** Headers of the request, by lower-case name; the action gets them as `__ow_headers`. */
  readonly headers: JsonObject;
  readonly transactionId: string;
}

/** What is to happen for one rule: an invocation, or a reason why not. */
type Plan = { readonly rule: string; readonly action: string } & ({ request: InvocationRequest } | { error: string });

function makePlan(entities: EntityStore, service: ActivationService, rule: string, link: RuleLink, fire: Fire): Plan {
  const action = makeDocumentId(link.action);
  if (link.status !== 'active') return { rule, action, error: messages.ruleInactive(rule, action) };
  const resolution = resolveAction(entities, link.action);
  if (!resolution.found) {
    return { rule, action, error: resolution.conflict ? messages.notInCollection : messages.resourceDoesNotExist };
  }
  const { trigger, payload, headers, transactionId } = fire;
  const given = { ...toObject(trigger.parameters), __ow_headers: headers, ...payload };
  const size = Buffer.byteLength(writeJson(given));
  if (size > limits.payload) return { rule, action, error: messages.tooBig('Request', size, limits.payload) };
  const request = { target: targetOf(resolution), payload: given, transactionId };
  try {
    service.checkPayload(request);
  } catch (error) {
    return { rule, action, error: messageOf(error) };
  }
  return { rule, action, request };
}

function writeLogLine(plan: Plan, activationId: string | undefined): string {
  const { rule, action } = plan;
  return 'error' in plan
    ? JSON.stringify({ rule, action, statusCode: 1, success: false, error: plan.error })
    : JSON.stringify({ rule, action, statusCode: 0, success: true, activationId });
}

/**
 * Fires a trigger. Its record and all invocations are on the disk when this resolves.
 * @returns the activation id of the trigger; undefined when it has no active rule, and nothing happens
 * @throws Refusal 429 when the invocations do not all fit, 503
 */
export async function fireTrigger(
  entities: EntityStore,
  service: ActivationService,
  fire: Fire,
): Promise<string | undefined> {
  const { trigger, identity, payload } = fire;
  const rules = Object.entries(trigger.rules ?? {});
  if (!rules.some(([, link]) => link.status === 'active')) return undefined;
  const plans = rules.map(([rule, link]) => makePlan(entities, service, rule, link, fire));
  const requests = plans.flatMap((plan) => ('request' in plan ? [plan.request] : []));
  const activationId = makeActivationId();
  const start = Date.now();
  await service.accept(requests, (ids): ActivationRecord[] => {
    const left = [...ids];
    return [
      {
        activationId,
        namespace: identity.namespace,
        name: trigger.name,
        subject: identity.subject,
        version: trigger.version,
        start,
        annotations: [],
        response: { statusCode: 0, result: payload },
        logs: plans.map((plan) => writeLogLine(plan, 'request' in plan ? left.shift() : undefined)),
      },
    ];
  });
  return activationId;
}
