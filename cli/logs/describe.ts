/** An activation in lines for people. */
import { z } from 'zod';
import { readError } from '../../feed/outcome';
import { parseJson } from '../client/http';
import type { Activation } from '../client/openwhisk';
import { escapeControls } from '../terminal';

/** Whether it failed, or answered a request with an error: to OpenWhisk such an answer is a success. */
export function isFailure({ response }: Activation): boolean {
  return response.success === false || readStatus(response.result) >= 400;
}

/** A head line, then what the action logged, indented. */
export function describe(activation: Activation): string[] {
  const { activationId, name, start, duration, annotations, response, logs } = activation;
  const isTrigger = annotations.get('kind') === undefined && annotations.get('limits') === undefined;
  const time = new Date(start).toISOString().replace('T', ' ').replace('Z', '');
  const temperature = annotations.has('initTime') ? 'cold' : 'warm';
  const run = isTrigger ? 'trigger' : `${duration ?? '?'} ms ${temperature}`;
  const answered = readStatus(response.result) >= 400 ? `answered ${readStatus(response.result)}` : 'ok';
  const outcome = response.success === false ? `FAILED: ${response.status ?? 'error'}` : answered;
  const lines = logs.map((line) => `    ${escapeControls(isTrigger ? formatRule(line) : formatLine(String(line)))}`);
  const head = [time, name, run, outcome, activationId].join('  ');
  return [escapeControls(head), ...formatError(activation), ...lines];
}

/** The HTTP status that a web action answers; 0 for what answers none. */
function readStatus(result: unknown): number {
  return z.object({ statusCode: z.number() }).safeParse(result).data?.statusCode ?? 0;
}

/** Of a failure, the error that was answered. */
function formatError({ response: { success, result } }: Activation): string[] {
  const text = success === false ? readError(result) : undefined;
  return text === undefined ? [] : [`    ${escapeControls(text)}`];
}

/** `2026-11-26T04:00:00.000000000Z stdout: text`, as OpenWhisk stores a line. */
function formatLine(line: string): string {
  const [, stream, text] = /^\S+Z\s+(stdout|stderr): ?(.*)$/s.exec(line) ?? [];
  if (text === undefined) return line;
  return stream === 'stderr' ? `stderr: ${text}` : dropHeaders(text);
}

/** Arguments that an action logs hold all headers of the request that it was called by. */
function dropHeaders(text: string): string {
  const logged = z.looseObject({ __ow_headers: z.unknown() }).safeParse(parseJson(text)).data;
  if (logged?.__ow_headers === undefined) return text;
  const { __ow_headers: _, ...rest } = logged;
  return JSON.stringify(rest);
}

/** The log of a trigger is JSON, a line for each rule. */
function formatRule(line: unknown): string {
  try {
    const { rule, action, activationId, statusCode, error } =
      typeof line === 'string' ? JSON.parse(line) : Object(line);
    const answer = activationId ?? error ?? `status ${statusCode}`;
    return `rule ${rule} -> ${action}: ${answer}`;
  } catch {
    return String(line);
  }
}
