/** An activation in lines for people. */
import type { Activation } from '../client/openwhisk';
import { printable } from '../terminal';

/** A head line, then what the action logged, indented. */
export function describe(activation: Activation): string[] {
  const { activationId, name, start, duration, annotations, response, logs } = activation;
  const isTrigger = annotations.get('kind') === undefined && annotations.get('limits') === undefined;
  const time = new Date(start).toISOString().replace('T', ' ').replace('Z', '');
  const temperature = annotations.has('initTime') ? 'cold' : 'warm';
  const run = isTrigger ? 'trigger' : `${duration ?? '?'} ms ${temperature}`;
  const outcome = response.success === false ? `FAILED: ${response.status ?? 'error'}` : 'ok';
  const lines = logs.map((line) => `    ${printable(isTrigger ? ruleOf(line) : plainLine(String(line)))}`);
  const head = [time, name, run, outcome, activationId].join('  ');
  return [printable(head), ...errorLines(activation), ...lines];
}

/** Of a failure, the error that was answered. */
function errorLines({ response: { success, result } }: Activation): string[] {
  if (success !== false || typeof result !== 'object' || result === null || !('error' in result)) return [];
  const text = typeof result.error === 'string' ? result.error : JSON.stringify(result.error);
  return [`    ${printable(text)}`];
}

/** `2026-11-26T04:00:00.000000000Z stdout: text`, as OpenWhisk stores a line. */
function plainLine(line: string): string {
  const [, stream, text] = /^\S+Z\s+(stdout|stderr): ?(.*)$/s.exec(line) ?? [];
  if (text === undefined) return line;
  return stream === 'stderr' ? `stderr: ${text}` : text;
}

/** The log of a trigger is JSON, a line for each rule. */
function ruleOf(line: unknown): string {
  try {
    const { rule, action, activationId, statusCode, error } =
      typeof line === 'string' ? JSON.parse(line) : Object(line);
    const answer = activationId ?? error ?? `status ${statusCode}`;
    return `rule ${rule} -> ${action}: ${answer}`;
  } catch {
    return String(line);
  }
}
