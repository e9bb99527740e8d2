/** Entities as JSON: whole, as PUT, GET and DELETE answer them, and as elements of a list. */
import type { Json, JsonObject } from '../../../ground/json';
import type { KeyValue } from '../core';
import {
  type ActionDocument,
  type Entity,
  type Exec,
  idOf,
  isSequence,
  type PackageDocument,
  type RuleDocument,
  type RuleStatus,
  type TriggerDocument,
} from '../entity/documents';
import type { CodeStore } from '../store/code';

function toPairs(list: readonly KeyValue[]): Json {
  return list.map((pair) => ({ ...pair }));
}

function viewCommon({ namespace, name, version, publish, annotations, updated }: Entity): JsonObject {
  return { namespace, name, version, publish, annotations: toPairs(annotations), updated };
}

function viewExec(exec: Exec, code: CodeStore | undefined): JsonObject {
  if (isSequence(exec)) return { kind: exec.kind, components: exec.components.map((id) => `/${id}`) };
  const { kind, image, binary, main, codeId } = exec;
  return {
    kind,
    binary,
    ...(image === undefined ? {} : { image }),
    ...(main === undefined ? {} : { main }),
    ...(code === undefined || codeId === undefined ? {} : { code: code.read(codeId) }),
  };
}

/** A whole action; with its code when the code store is given. */
export function viewAction(action: ActionDocument, code: CodeStore | undefined): JsonObject {
  const { exec, parameters, limits } = action;
  return { ...viewCommon(action), exec: viewExec(exec, code), parameters: toPairs(parameters), limits: { ...limits } };
}

/** A package without its contents. */
export function viewPackage(pkg: PackageDocument): JsonObject {
  return { ...viewCommon(pkg), parameters: toPairs(pkg.parameters), binding: { ...pkg.binding } };
}

/** An action as GET of its package shows it. */
export function viewPackagedAction({ name, version, annotations }: ActionDocument): JsonObject {
  return { name, version, annotations: toPairs(annotations) };
}

/** A whole trigger. */
export function viewTrigger(trigger: TriggerDocument): JsonObject {
  const { parameters, rules } = trigger;
  const links = Object.entries(rules ?? {}).map(([rule, { action, status }]): [string, Json] => [
    rule,
    { action: { ...action }, status },
  ]);
  return {
    ...viewCommon(trigger),
    parameters: toPairs(parameters),
    limits: {},
    ...(rules === undefined ? {} : { rules: Object.fromEntries(links) }),
  };
}

/** A rule, with its status unless in a list. */
export function viewRule(rule: RuleDocument, status?: RuleStatus): JsonObject {
  const { trigger, action } = rule;
  return {
    ...viewCommon(rule),
    trigger: { ...trigger },
    action: { ...action },
    ...(status === undefined ? {} : { status }),
  };
}

/** An element of a list. */
export function viewForList(entity: Entity): JsonObject {
  switch (entity.entityType) {
    case 'action': {
      const binary = isSequence(entity.exec) ? false : entity.exec.binary;
      return { ...viewCommon(entity), limits: { ...entity.limits }, exec: { binary } };
    }
    case 'package':
      return { ...viewCommon(entity), binding: entity.binding ? { ...entity.binding } : false };
    case 'trigger':
      return viewCommon(entity);
    case 'rule':
      return viewRule(entity);
  }
}

/** The status of a rule, which its trigger knows: inactive when there is no trigger, or it knows nothing of the rule. */
export function statusOf(rule: RuleDocument, trigger: Entity | undefined): RuleStatus {
  if (trigger?.entityType !== 'trigger') return 'inactive';
  return trigger.rules?.[idOf(rule)]?.status ?? 'inactive';
}
