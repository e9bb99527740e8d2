/** `POST actions/A`: blocking or not. */
import { recordView } from '../activation/record';
import { resolveAction, targetOf } from '../activation/target';
import { isSequence } from '../entity/documents';
import { limits } from '../entity/limits';
import { messages } from '../entity/messages';
import { type EntityReference, referenceOf } from '../entity/names';
import { parameterValue } from '../entity/parameters';
import { missing, requireReadableAction } from './authorize';
import type { Call } from './call';
import { activationReply, type Reply } from './reply';
import { payloadOf, type Query, Rejection, requireJsonType } from './request';

function waitOf(query: Query): number {
  const text = query.text('timeout');
  if (text === undefined) return limits.blockingWait;
  const wait = /^\+?\d{1,9}$/.test(text) ? Number(text) : 0;
  if (wait > 0 && wait <= limits.blockingWait) return wait;
  throw new Rejection(400, messages.queryMalformed('timeout', messages.timeoutInvalid(limits.blockingWait)));
}

/**
 * Invokes an action. 202 with the id when nobody waits or the wait was not long enough; else the record, or with
 * `result=true` the result alone, with 200, 502 for an error of the action, 500 for one of the platform.
 */
export async function invokeAction(call: Call, place: EntityReference): Promise<Reply> {
  const { query, service, transactionId } = call;
  const blocking = query.flag('blocking');
  const resultOnly = query.flag('result');
  const waitMs = waitOf(query);
  requireJsonType(call.contentType);
  const payload = payloadOf(call.body);
  const resolution = resolveAction(call.store.entities, place);
  if (!resolution.found) throw missing(resolution.conflict);
  const target = targetOf(resolution);
  if (isSequence(target.exec)) {
    for (const id of target.exec.components) requireReadableAction(call, referenceOf(id));
  }
  const request = { target, payload, transactionId };
  if (!blocking) {
    service.checkPayload(request);
    const [activationId = ''] = await service.accept([request], () => []);
    return activationReply(202, activationId, { activationId });
  }
  const { activationId, record } = await service.invoke(request, waitMs);
  if (!record) return activationReply(202, activationId, { activationId });
  const { statusCode, result } = record.response;
  const status = statusCode === 0 ? 200 : statusCode === 3 ? 500 : 502;
  if (Array.isArray(result)) return activationReply(status, activationId, result);
  if (resultOnly) return activationReply(status, activationId, result ?? {});
  // Logs are not collected yet when a real OpenWhisk answers; those of a sequence are the ids of its parts.
  const isMadeOfOthers = parameterValue(record.annotations, 'kind') === 'sequence';
  return activationReply(status, activationId, recordView({ ...record, logs: isMadeOfOthers ? record.logs : [] }));
}
