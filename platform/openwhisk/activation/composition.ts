/**
 * Compositions: an action annotated with `conductor` answers `{action, params, state}` to have an action run and to be
 * called again with its result, until it answers without `action`. Behaviour after `PrimitiveActions` of Apache OpenWhisk.
 */
import { writeJson } from '../../../ground/exact-json';
import { isObject, type Json, type JsonObject } from '../../../ground/json';
import { isSequence } from '../entity/documents';
import { limits } from '../entity/limits';
import { messages } from '../entity/messages';
import { DEFAULT_NAMESPACE, parsePath } from '../entity/names';
import { isTruthy } from '../entity/parameters';
import { Assembly } from './assembly';
import type { ActivationRecord, ActivationResponse } from './record';
import type { Runner } from './runner';
import type { Occasion } from './single';
import type { InvocationTarget } from './target';

/** Invocations so far, shared by a composition and the compositions within it. */
interface Accounting {
  conductors: number;
  components: number;
}

function box(value: Json | undefined, key: string): JsonObject | undefined {
  if (value === undefined) return undefined;
  return isObject(value) ? value : { [key]: value };
}

/** `pkg/a`, `a` and `/ns/pkg/a` as document ids; undefined for what is no name. */
function findComponentId(value: Json, namespace: string): string | undefined {
  const parts = typeof value === 'string' ? parsePath(value) : undefined;
  if (typeof value !== 'string' || !parts || parts.length > 3) return undefined;
  const absolute = value.startsWith('/');
  if (absolute && parts.length === 1) return undefined;
  const [root = '', ...rest] = absolute || parts.length === 3 ? parts : [namespace, ...parts];
  return [root === DEFAULT_NAMESPACE ? namespace : root, ...rest].join('/');
}

/** One composition under way. */
class Composition {
  readonly assembly: Assembly;
  private state: JsonObject | undefined;

  constructor(
    private readonly runner: Runner,
    private readonly conductor: InvocationTarget,
    private readonly occasion: Occasion,
    private readonly accounting: Accounting,
  ) {
    this.assembly = new Assembly(conductor, occasion, conductor.limits.memory);
  }

  /** Calls the conductor until it names no further action. */
  async run(first: Json): Promise<ActivationResponse> {
    let payload = first;
    for (;;) {
      if (this.accounting.conductors > 2 * limits.sequence) {
        return { statusCode: 1, result: { error: messages.compositionTooLong } };
      }
      this.accounting.conductors += 1;
      const input = isObject(payload) ? { ...payload, ...this.state } : {};
      const part = this.runner.partOf(this.occasion);
      const step = await this.runner.runSingle(this.conductor, () => input, part);
      this.assembly.add(step);
      const result = isObject(step.response.result) ? step.response.result : {};
      const params = box(result.params, 'value');
      this.state = box(result.state, 'state');
      if (result.action === undefined) return { statusCode: step.response.statusCode, result: params ?? result };
      payload = await this.runNamed(result.action, params ?? {});
    }
  }

  /** Runs the action that the conductor named; what goes wrong is told to the conductor. */
  private async runNamed(name: Json, params: JsonObject): Promise<Json> {
    const id = findComponentId(name, this.occasion.identity.namespace);
    if (id === undefined) return { error: messages.compositionComponentInvalid(writeJson(name)) };
    if (this.accounting.components >= limits.sequence) return { error: messages.compositionTooLong };
    if (!id.startsWith(`${this.occasion.identity.namespace}/`)) {
      return { error: messages.compositionComponentNotAccessible(id) };
    }
    const target = this.runner.find(id);
    if (!target) return { error: messages.compositionComponentNotFound(id) };
    const record = await this.runComponent(target, params);
    this.assembly.add(record);
    return isObject(record.response.result) ? record.response.result : {};
  }

  private runComponent(target: InvocationTarget, params: JsonObject): Promise<ActivationRecord> {
    const part = this.runner.partOf(this.occasion);
    if (!isSequence(target.exec) && isTruthy(target.annotations, 'conductor')) {
      return runComposition(this.runner, target, params, part, this.accounting);
    }
    this.accounting.components += 1;
    return this.runner.run(target, () => params, part);
  }
}

/**
 * Runs a composition to its end.
 * @throws StoppedError when the platform stops first
 */
export async function runComposition(
  runner: Runner,
  conductor: InvocationTarget,
  payload: Json,
  occasion: Occasion,
  accounting: Accounting = { conductors: 0, components: 0 },
): Promise<ActivationRecord> {
  const composition = new Composition(runner, conductor, occasion, accounting);
  const response = await composition.run(payload);
  const record = composition.assembly.record(response, [{ key: 'conductor', value: true }]);
  runner.keep(record);
  return record;
}
