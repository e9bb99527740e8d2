/** What a sequence may be made of: actions that are there, not itself, and not too many once all are unfolded. */
import { resolveAction } from '../activation/target';
import { Refusal } from '../core';
import { idOf, isSequence } from '../entity/documents';
import { limits } from '../entity/limits';
import { messages } from '../entity/messages';
import { referenceOf } from '../entity/names';
import { refuseMissing, requireReadableAction } from './authorize';
import type { Call } from './call';
import type { ExecPut } from './decode-exec';

/** Counts atomic actions, through sequences within. @throws Refusal 400, 409 */
function countAtomic(call: Call, origin: string, components: readonly string[]): number {
  if (components.length > limits.sequence) throw new Refusal(400, messages.sequenceTooLong);
  let count = 0;
  for (const id of components) {
    const resolution = resolveAction(call.store.entities, referenceOf(id));
    const found = resolution.found ? idOf(resolution.action) : id;
    if (found === origin) throw new Refusal(400, messages.sequenceCyclic);
    if (!resolution.found) {
      if (resolution.conflict) throw refuseMissing(true);
      throw new Refusal(400, messages.sequenceComponentNotFound);
    }
    const { exec } = resolution.action;
    count += isSequence(exec) ? countAtomic(call, origin, exec.components) : 1;
    if (count > limits.sequence) throw new Refusal(400, messages.sequenceTooLong);
  }
  return count;
}

/**
 * Checks the components of a sequence; anything else passes.
 * @param step `entitlement`: whether the caller may use them; `contents`: whether they make a sequence
 * @throws Refusal 400, 403, 404, 409
 */
export function checkSequence(
  call: Call,
  id: string,
  exec: ExecPut | undefined,
  step: 'entitlement' | 'contents',
): void {
  if (!exec?.sequence) return;
  if (step === 'entitlement') {
    for (const component of exec.components) requireReadableAction(call, referenceOf(component));
    return;
  }
  if (exec.components.length === 0) throw new Refusal(400, messages.sequenceEmpty);
  countAtomic(call, id, exec.components);
}
