/** `POST actions/A`: blocking or not. */
import { viewRecord } from '../activation/record';
import { resolveAction, targetOf } from '../activation/target';
import { isSequence } from '../entity/documents';
import { limits } from '../entity/limits';
import { messages } from '../entity/messages';
import { type EntityReference, referenceOf } from '../entity/names';
import { findValue } from '../entity/parameters';
import { refuseMissing, requireReadableAction } from './authorize';
import type { Call } from './call';
import { type Reply, replyActivation } from './reply';
import { payloadOf, type Query, Rejection, requireJsonType } from './request';

function waitOf(query: Query): number {
  const text = query.readText('timeout');
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
  const blocking = query.readFlag('blocking');
  const resultOnly = query.readFlag('result');
  const waitMs = waitOf(query);
  requireJsonType(call.contentType);
  const payload = payloadOf(call.body);
  const resolution = resolveAction(call.store.entities, place);
  if (!resolution.found) throw refuseMissing(resolution.conflict);
  const target = targetOf(resolution);
  if (isSequence(target.exec)) {
    for (const id of target.exec.components) requireReadableAction(call, referenceOf(id));
  }
  const request = { target, payload, transactionId };
  if (!blocking) {
    service.checkPayload(request);
    const [activationId = ''] = await service.accept([request], () => []);
    return replyActivation(202, activationId, { activationId });
  }
  const { activationId, record } = await service.invoke(request, waitMs);
  if (!record) return replyActivation(202, activationId, { activationId });
  const { statusCode, result } = record.response;
  const status = statusCode === 0 ? 200 : statusCode === 3 ? 500 : 502;
  if (Array.isArray(result)) return replyActivation(status, activationId, result);
  if (resultOnly) return replyActivation(status, activationId, result ?? {});
  // Logs are not collected yet when a real OpenWhisk answers; those of a sequence are the ids of its parts.
  const isMadeOfOthers = findValue(record.annotations, 'kind') === 'sequence';
  return replyActivation(status, activationId, viewRecord(record, isMadeOfOthers ? record.logs : []));
}
