/**
 * Runs whatever a target is: one action, a sequence, or a composition. Every part gets a record of its own.
 * A part may be a sequence or a composition itself, so `runner`, `sequence` and `composition` import each other: the one circle.
 */
import { randomUUID } from 'node:crypto';
import type { Json } from '../../../ground/json';
import { isSequence } from '../entity/documents';
import { isTruthy } from '../entity/parameters';
import type { Store } from '../store/store';
import { runComposition } from './composition';
import type { Dispatcher } from './dispatcher';
import type { ActivationRecord } from './record';
import { runSequence } from './sequence';
import { invocationOf, type Occasion, recordOf } from './single';
import { codeIdOf, findTarget, type InvocationTarget } from './target';
import type { ActivationWriter } from './writer';

/** 32 hexadecimal digits that no activation had before. */
export function makeActivationId(): string {
  return randomUUID().replaceAll('-', '');
}

/** Runs targets to their end through the dispatcher, and hands every record to the writer. */
export class Runner {
  constructor(
    private readonly store: Store,
    private readonly dispatcher: Dispatcher,
    private readonly writer: ActivationWriter,
  ) {}

  /** The target of a document id; undefined when there is no such action now. */
  find(id: string): InvocationTarget | undefined {
    return findTarget(this.store.entities, id);
  }

  /**
   * Runs a target to its end and gives its record, which is written soon. `payload` is asked for when its turn comes.
   * @throws StoppedError when the platform stops first
   */
  async run(target: InvocationTarget, payload: () => Json, occasion: Occasion): Promise<ActivationRecord> {
    if (isSequence(target.exec)) return (await runSequence(this, target, payload(), occasion, 0)).record;
    if (isTruthy(target.annotations, 'conductor')) return runComposition(this, target, payload(), occasion);
    return this.runSingle(target, payload, occasion);
  }

  /** Runs an action with code; `payload` is asked for when its turn comes. */
  async runSingle(target: InvocationTarget, payload: () => Json, occasion: Occasion): Promise<ActivationRecord> {
    const codeId = codeIdOf(target);
    if (codeId !== undefined) this.store.code.hold(codeId);
    try {
      const load = () => invocationOf(target, payload(), occasion, this.store.code);
      const record = recordOf(target, occasion, await this.dispatcher.run(load));
      this.keep(record);
      return record;
    } finally {
      if (codeId !== undefined) this.store.code.release(codeId);
    }
  }

  /** Has a record written soon. */
  keep(record: ActivationRecord): void {
    this.writer.add(record);
  }

  /** The occasion of a part of the activation `cause`. */
  partOf(occasion: Occasion): Occasion {
    return {
      ...occasion,
      activationId: makeActivationId(),
      acceptedAt: Date.now(),
      cause: occasion.activationId,
    };
  }
}
