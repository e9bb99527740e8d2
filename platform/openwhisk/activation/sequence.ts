/**
 * Sequences: each component's result is the next one's payload, and an error ends it.
 * Behaviour after `SequenceActions` of Apache OpenWhisk. The sequence's own parameters go to nobody.
 */
import type { Json } from '../../../ground/json';
import { isSequence } from '../entity/documents';
import { limits } from '../entity/limits';
import { messages } from '../entity/messages';
import { Assembly } from './assembly';
import { StoppedError } from './dispatcher';
import type { ActivationRecord, ActivationResponse } from './record';
import type { Runner } from './runner';
import type { Occasion } from './single';
import type { InvocationTarget } from './target';

function makeFailure(statusCode: 1 | 3, error: string): ActivationResponse {
  return { statusCode, result: { error } };
}

/** The payload that a result makes for the next component. */
function payloadOf(response: ActivationResponse): Json {
  const { result } = response;
  return result !== undefined && result !== null && typeof result === 'object' ? result : {};
}

function hasError({ result }: ActivationResponse): boolean {
  return result !== null && typeof result === 'object' && !Array.isArray(result) && 'error' in result;
}

/**
 * Runs a sequence to its end.
 * @param count atomic actions run so far since the topmost sequence began
 * @returns its record and the new count
 * @throws StoppedError when the platform stops first
 */
export async function runSequence(
  runner: Runner,
  target: InvocationTarget,
  payload: Json,
  occasion: Occasion,
  count: number,
): Promise<{ record: ActivationRecord; count: number }> {
  const assembly = new Assembly(target, occasion);
  const components = isSequence(target.exec) ? target.exec.components : [];
  let ran = count;
  let response: ActivationResponse = { statusCode: 1, result: payload };
  for (const id of components) {
    if (ran >= limits.sequence) {
      response = makeFailure(1, messages.sequenceTooLong);
      break;
    }
    const component = runner.find(id);
    if (!component) {
      response = makeFailure(1, messages.sequenceComponentNotFound);
      break;
    }
    const part = runner.partOf(occasion);
    const input = payloadOf(response);
    try {
      const inner = isSequence(component.exec)
        ? await runSequence(runner, component, input, part, ran)
        : { record: await runner.run(component, () => input, part), count: ran + 1 };
      ran = inner.count;
      assembly.add(inner.record);
      response = inner.record.response;
    } catch (error) {
      if (error instanceof StoppedError) throw error;
      response = makeFailure(3, messages.sequenceFailed);
      break;
    }
    if (hasError(response)) break;
  }
  const record = assembly.record(response);
  runner.keep(record);
  return { record, count: ran };
}
