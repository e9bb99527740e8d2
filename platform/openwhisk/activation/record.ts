/** The record of an activation, and the forms in which OpenWhisk shows it. */

import { parseJson } from '../../../ground/exact-json';
import type { Json, JsonObject } from '../../../ground/json';
import { writeJsonBytes } from '../../../ground/json-bytes';
import { WrittenJson } from '../../../ground/json-parts';
import type { StatusCode } from '../../invoker/contract';
import type { KeyValue } from '../core';

/** How an activation ended, as its record keeps it. */
export interface ActivationResponse {
  readonly statusCode: StatusCode;
  /** Absent when there is none. */
  readonly result?: Json;
  /** Characters of the result as the action gave it; absent when the platform made it up. */
  readonly size?: number;
  /** The JSON of `result` as the action wrote it, for the store, which keeps it in place of `result`; not kept itself. */
  readonly written?: Buffer;
}

/** What is kept of an activation; fields after `WhiskActivation` of Apache OpenWhisk. */
export interface ActivationRecord {
  readonly activationId: string;
  readonly namespace: string;
  readonly name: string;
  readonly subject: string;
  readonly version: string;
  /** Milliseconds since the epoch; `end` is absent for a trigger. */
  readonly start: number;
  readonly end?: number;
  /** Milliseconds. */
  readonly duration?: number;
  /** The activation that caused this one, within a sequence or composition. */
  readonly cause?: string;
  readonly annotations: readonly KeyValue[];
  readonly response: ActivationResponse;
  readonly logs: readonly string[];
}

const STATUS = ['success', 'application error', 'action developer error', 'whisk internal error'] as const;

/** `{result, size, status, success}`. */
export function viewResponse({ statusCode, result, size }: ActivationResponse): JsonObject {
  const status = STATUS[statusCode];
  const success = statusCode === 0;
  if (result === undefined) return size === undefined ? { status, success } : { size, status, success };
  return size === undefined ? { result, status, success } : { result, size, status, success };
}

function toPairs(list: readonly KeyValue[]): Json {
  return list.map(({ key, value }) => ({ key, value }));
}

function viewCommon(record: ActivationRecord): JsonObject {
  const { activationId, namespace, name, version, start, end, duration, cause, annotations } = record;
  return {
    namespace,
    name,
    version,
    publish: false,
    annotations: toPairs(annotations),
    activationId,
    start,
    ...(cause === undefined ? {} : { cause }),
    ...(end === undefined ? {} : { end, duration: duration ?? end - start }),
  };
}

/** The whole record, as `GET activations/ID` shows it; with other logs, if so. */
export function viewRecord(record: ActivationRecord, logs: readonly string[] = record.logs): JsonObject {
  return Object.assign(viewCommon(record), {
    subject: record.subject,
    response: viewResponse(record.response),
    logs: [...logs],
  });
}

/** The record without a result whose JSON is known: a long text need not live in two forms until it is on the disk. */
export function packRecord(record: ActivationRecord): ActivationRecord {
  if (record.response.written === undefined) return record;
  const { result: _, ...response } = record.response;
  return { ...record, response };
}

/** A packed record with its result. */
export function unpackRecord(record: ActivationRecord): ActivationRecord {
  const { written, ...response } = record.response;
  return written === undefined
    ? record
    : { ...record, response: { ...response, result: parseJson(written.toString()) } };
}

/** A record as it is kept, in JSON; a packed one in the same form. */
export function writeRecord(record: ActivationRecord): Buffer {
  const { written, ...response } = record.response;
  const result = written === undefined ? {} : { result: new WrittenJson(written) };
  return writeJsonBytes({ ...record, response: { ...response, ...result } });
}

/** What a list shows: neither result nor logs. */
export function viewSummary(record: ActivationRecord): JsonObject {
  return Object.assign(viewCommon(record), { statusCode: record.response.statusCode });
}

/** The name that `?name=` of a list looks for: `a`, or `pkg/a` for an action in a package. */
export function filterName(record: ActivationRecord): string {
  const path = record.annotations.find(({ key }) => key === 'path')?.value;
  const parts = typeof path === 'string' ? path.split('/') : [];
  return parts.length === 3 ? `${parts[1]}/${record.name}` : record.name;
}
