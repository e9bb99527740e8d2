/** The collection `activations`: the list with its filters, and one record in its three forms. */
import { type ActivationRecord, viewRecord, viewResponse } from '../activation/record';
import { Refusal } from '../core';
import { messages } from '../entity/messages';
import { parsePath } from '../entity/names';
import type { ActivationQuery } from '../store/activations';
import { refuseMissing } from './authorize';
import type { Call } from './call';
import { type Reply, replyOk } from './reply';
import { Rejection } from './request';

/** Why an activation id is refused, or undefined when it is good. */
export function findIdProblem(id: string): string | undefined {
  if (id.length !== 32) return messages.activationIdLength(id.length);
  return /^[0-9a-f]{32}$/.test(id) ? undefined : messages.activationIdIllegal;
}

function readNameFilter(call: Call): string | undefined {
  const text = call.query.readText('name');
  if (text === undefined || text.trim() === '') return undefined;
  const parts = parsePath(text);
  if (parts && parts.length <= 2) return parts.join('/');
  throw new Rejection(400, messages.queryMalformed('name', messages.badNameFilter(text)));
}

function readMoment(call: Call, name: 'since' | 'upto'): number | undefined {
  const text = call.query.readText(name);
  if (text === undefined) return undefined;
  const value = /^[+-]?\d{1,19}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value)) throw new Rejection(400, messages.queryMalformed(name, messages.badEpoch(text)));
  return Math.min(Math.max(value, 0), Number.MAX_SAFE_INTEGER);
}

/** `GET activations`: also those that ended just now. */
export async function listActivations(call: Call): Promise<Reply> {
  const { query, store } = call;
  const page = query.readPage('activations');
  const [counting, docs] = [query.readFlag('count'), query.readFlag('docs')];
  const [name, since, upto] = [readNameFilter(call), readMoment(call, 'since'), readMoment(call, 'upto')];
  const wanted: ActivationQuery = {
    ...page,
    ...(name === undefined ? {} : { name }),
    ...(since === undefined ? {} : { since }),
    ...(upto === undefined ? {} : { upto }),
  };
  if (counting && docs) throw new Refusal(400, messages.docsNotAllowedWithCount);
  await call.service.writer.catchUp();
  if (counting) return replyOk({ activations: Math.max(0, store.activations.count(wanted) - page.skip) });
  return replyOk(
    docs ? store.activations.listRecords(wanted).map((record) => viewRecord(record)) : store.activations.list(wanted),
  );
}

function requireRecord(call: Call, id: string): ActivationRecord {
  const record = call.service.writer.get(id) ?? call.store.activations.get(id);
  if (record?.namespace !== call.namespace) throw refuseMissing(false);
  return record;
}

/** `GET activations/ID`, with `result` or `logs` for one part of it. */
export function getActivation(call: Call, id: string, part: 'record' | 'result' | 'logs'): Reply {
  const record = requireRecord(call, id);
  if (part === 'result') return replyOk(viewResponse(record.response));
  if (part === 'logs') return replyOk({ logs: [...record.logs] });
  return replyOk(viewRecord(record));
}
