/** From a name to something that can be invoked: through packages and bindings, with all parameters merged. */

import type { JsonObject } from '../../../ground/json';
import type { Executable } from '../../invoker/contract';
import type { KeyValue, ResolvedAction } from '../core';
import { type ActionDocument, type Exec, idOf, isSequence, type StoredLimits } from '../entity/documents';
import { type EntityReference, referenceOf } from '../entity/names';
import { mergeParameters } from '../entity/parameters';
import type { CodeStore } from '../store/code';
import type { EntityStore } from '../store/entities';

/** An action as it is at this moment, ready to be run or to be kept in the queue; its code stays in the store. */
export interface InvocationTarget extends ResolvedAction {
  readonly exec: Exec;
  readonly revision: string;
  readonly limits: StoredLimits;
  /** Path of the package binding by which it was named: `guest/bound`. */
  readonly binding?: string;
}

/** Where a name leads. */
export type Resolution =
  | {
      readonly found: true;
      readonly action: ActionDocument;
      readonly inherited: readonly KeyValue[];
      readonly binding?: string;
    }
  /** `conflict`: there is something by this name that is no action, or no package. */
  | { readonly found: false; readonly conflict: boolean };

const MISSING: Resolution = { found: false, conflict: false };
const CONFLICT: Resolution = { found: false, conflict: true };

function findActionBy(entities: EntityStore, id: string): ActionDocument | 'missing' | 'conflict' {
  const entity = entities.get(id);
  if (!entity) return 'missing';
  return entity.entityType === 'action' ? entity : 'conflict';
}

/** Finds the action behind a reference; parameters of package and binding come as `inherited`. */
export function resolveAction(entities: EntityStore, { path, name }: EntityReference): Resolution {
  let place = path;
  let inherited: readonly KeyValue[] = [];
  let binding: string | undefined;
  if (path.includes('/')) {
    const outer = entities.get(path);
    if (!outer) return MISSING;
    if (outer.entityType !== 'package') return CONFLICT;
    inherited = outer.parameters;
    if (outer.binding) {
      binding = path;
      place = `${outer.binding.namespace}/${outer.binding.name}`;
      const provider = entities.get(place);
      if (provider?.entityType !== 'package') return provider ? CONFLICT : MISSING;
      inherited = mergeParameters(provider.parameters, outer.parameters);
    }
  }
  const action = findActionBy(entities, `${place}/${name}`);
  if (action === 'missing') return MISSING;
  if (action === 'conflict') return CONFLICT;
  return { found: true, action, inherited, ...(binding === undefined ? {} : { binding }) };
}

/** The target behind a found action. */
export function targetOf({ action, inherited, binding }: Extract<Resolution, { found: true }>): InvocationTarget {
  return {
    path: idOf(action),
    name: action.name,
    version: action.version,
    annotations: action.annotations,
    parameters: mergeParameters(inherited, action.parameters),
    limits: action.limits,
    kind: action.exec.kind,
    exec: action.exec,
    revision: action.revision,
    ...(binding === undefined ? {} : { binding }),
  };
}

/** The target of a document id such as `guest/pkg/a`; undefined when there is no such action. */
export function findTarget(entities: EntityStore, id: string): InvocationTarget | undefined {
  const resolution = resolveAction(entities, referenceOf(id));
  return resolution.found ? targetOf(resolution) : undefined;
}

/** The id of the code that running a target needs. */
export function codeIdOf(target: InvocationTarget): string | undefined {
  return isSequence(target.exec) ? undefined : target.exec.codeId;
}

/** What the invoker gets: code is read only when it asks for it, that is for a cold start. */
export function executableOf(
  target: InvocationTarget,
  namespace: string,
  code: CodeStore,
  initEnvironment: JsonObject | undefined,
): Executable {
  const { exec } = target;
  if (isSequence(exec)) throw new Error(`${target.path} is a sequence and has no code`);
  const { codeId, kind, binary, image, main } = exec;
  return {
    namespace,
    name: `/${target.path}`,
    version: target.version,
    revision: target.revision,
    exec: {
      kind,
      binary,
      ...(image === undefined ? {} : { image }),
      ...(main === undefined ? {} : { main }),
      ...(codeId === undefined ? {} : { codeId }),
      get code() {
        return codeId === undefined ? '' : code.read(codeId);
      },
    },
    limits: target.limits,
    ...(initEnvironment === undefined ? {} : { initEnvironment }),
  };
}
