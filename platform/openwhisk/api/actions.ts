/** The collection `actions`: PUT, GET, DELETE, and the list. Rules of merging after `Actions` of Apache OpenWhisk. */

import { executableOf, resolveAction, targetOf } from '../activation/target';
import { type KeyValue, Refusal } from '../core';
import { type ActionDocument, type Exec, isSequence, raisePatch } from '../entity/documents';
import { messages } from '../entity/messages';
import { type EntityReference, makeDocumentId } from '../entity/names';
import { findValue, mergeParameters, removeKeys } from '../entity/parameters';
import { mergeLimits } from './action-limits';
import { refuseMissing } from './authorize';
import type { Call } from './call';
import { decodePut, type EntityPut } from './decode';
import type { ExecPut } from './decode-exec';
import { type Reply, replyOk } from './reply';
import { requireJsonType } from './request';
import { checkSequence } from './sequence-checks';
import { viewAction } from './views';

/** The `exec` to keep, and the code to go with it. */
function splitExec(put: ExecPut, codeId: string): { exec: Exec; code?: string } {
  if (put.sequence) return { exec: { kind: 'sequence', components: put.components } };
  const { kind, image, binary, main, code } = put;
  const exec = {
    kind,
    binary,
    ...(image === undefined ? {} : { image }),
    ...(main === undefined ? {} : { main }),
    // A blackbox action may do without code.
    ...(image !== undefined && code === '' ? {} : { codeId }),
  };
  return { exec, code };
}

/** Annotations that the server itself sets: the kind always, and no API key for new actions unless asked for. */
function amend(annotations: readonly KeyValue[], exec: Exec, isNew: boolean): KeyValue[] {
  const withKey =
    isNew && findValue(annotations, 'provide-api-key') === undefined
      ? mergeParameters(annotations, [{ key: 'provide-api-key', value: false }])
      : annotations;
  return mergeParameters(withKey, [{ key: 'exec', value: exec.kind }]);
}

/** Parameters after a PUT: a sequence has its components there, and they do not outlive it. */
function mergeParametersFor(put: EntityPut, exec: Exec, old: ActionDocument | undefined): readonly KeyValue[] {
  if (isSequence(exec)) return [{ key: '_actions', value: exec.components.map((id) => `/${id}`) }];
  if (put.parameters) return put.parameters;
  return old && !isSequence(old.exec) ? old.parameters : [];
}

/** `PUT actions/A`: makes it, or with `overwrite=true` changes what the body names. */
export async function putAction(call: Call, place: EntityReference): Promise<Reply> {
  const { store, invoker, identity, query } = call;
  requireJsonType(call.contentType);
  const put = decodePut(call.body, {
    collection: 'actions',
    namespace: identity.namespace,
    runtimes: invoker.runtimes,
  });
  const overwrite = query.readFlag('overwrite');
  const id = makeDocumentId(place);
  const existing = store.entities.get(id);
  const old = existing?.entityType === 'action' ? existing : undefined;
  const limits = mergeLimits(put.limits, old?.limits, call.maxInFlight);
  checkSequence(call, id, put.exec, 'entitlement');
  if (existing && !old) throw refuseMissing(true);
  if (old && !overwrite) throw new Refusal(409, messages.resourceAlreadyExists);
  checkSequence(call, id, put.exec, 'contents');

  const revision = store.entities.makeRevision();
  const stored = put.exec ? splitExec(put.exec, revision) : old && { exec: old.exec };
  if (!stored) throw new Refusal(400, messages.execUndefined);
  const { exec } = stored;
  const given = put.annotations ?? [];
  const annotations = mergeParameters(removeKeys(old?.annotations ?? [], put.delAnnotations ?? []), given);
  const action: ActionDocument = {
    entityType: 'action',
    namespace: place.path,
    name: place.name,
    version: put.version ?? (old ? raisePatch(old.version) : '0.0.1'),
    publish: put.publish ?? old?.publish ?? false,
    annotations: amend(annotations, exec, old === undefined),
    exec,
    parameters: mergeParametersFor(put, exec, old),
    limits,
    revision,
    ...store.entities.stamp(),
  };
  const code = 'code' in stored && stored.code !== undefined && hasCode(exec) ? [[revision, stored.code] as const] : [];
  store.entities.change({ put: [action], code: new Map(code) });
  if (code.length > 0) {
    const target = targetOf({ found: true, action, inherited: [] });
    invoker.prepare?.(executableOf(target, identity.namespace, store.code, undefined));
  }
  return replyOk(viewAction(action, store.code));
}

function hasCode(exec: Exec): boolean {
  return !isSequence(exec) && exec.codeId !== undefined;
}

/** `GET actions/A`, with the parameters of its package and binding; `code=false` leaves the code out. */
export function getAction(call: Call, place: EntityReference): Reply {
  const withCode = call.query.readFlag('code', true);
  const resolution = resolveAction(call.store.entities, place);
  if (!resolution.found) throw refuseMissing(resolution.conflict);
  const { parameters } = targetOf(resolution);
  return replyOk(viewAction({ ...resolution.action, parameters }, withCode ? call.store.code : undefined));
}

/** `DELETE actions/A`: the answer is what was deleted. */
export async function deleteAction(call: Call, place: EntityReference): Promise<Reply> {
  const id = makeDocumentId(place);
  const action = call.store.entities.get(id);
  if (action?.entityType !== 'action') throw refuseMissing(action !== undefined);
  const view = viewAction(action, call.store.code);
  call.store.entities.change({ remove: [id] });
  return replyOk(view);
}
