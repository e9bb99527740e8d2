/** The record of an activation made of others: a sequence or a composition. Its logs are the ids of its parts. */
import { isObject } from '../../../ground/json';
import type { KeyValue } from '../core';
import { actionLimits } from '../entity/limits';
import { findValue } from '../entity/parameters';
import type { ActivationRecord, ActivationResponse } from './record';
import { type Occasion, recordAnnotations } from './single';
import type { InvocationTarget } from './target';

/** Collects the parts of one such activation while it runs, then makes its record. */
export class Assembly {
  readonly start = Date.now();
  private readonly stopwatch = performance.now();
  private readonly parts: string[] = [];
  private duration = 0;
  private memory: number | undefined;

  constructor(
    private readonly target: InvocationTarget,
    private readonly occasion: Occasion,
    memory?: number,
  ) {
    this.memory = memory;
  }

  /** Counts a part that ended: time adds up, memory is that of the largest. */
  add(record: ActivationRecord): void {
    this.parts.push(record.activationId);
    this.duration += record.duration ?? 0;
    const part = findValue(record.annotations, 'limits');
    if (!isObject(part)) return;
    if (typeof part.memory === 'number') this.memory = Math.max(this.memory ?? 0, part.memory);
  }

  /** The record, once the last part has ended. */
  record(response: ActivationResponse, extra: readonly KeyValue[] = []): ActivationRecord {
    const { target, occasion } = this;
    const { timeout, logs } = target.limits;
    const summed =
      this.memory === undefined
        ? []
        : [{ key: 'limits', value: { timeout, memory: this.memory, logs, concurrency: actionLimits.concurrency.std } }];
    return {
      activationId: occasion.activationId,
      namespace: occasion.identity.namespace,
      name: target.name,
      subject: occasion.identity.subject,
      version: target.version,
      start: this.start,
      end: this.start + Math.round(performance.now() - this.stopwatch),
      duration: this.duration,
      ...(occasion.cause === undefined ? {} : { cause: occasion.cause }),
      annotations: [
        { key: 'topmost', value: occasion.cause === undefined },
        { key: 'kind', value: 'sequence' },
        ...recordAnnotations(target, occasion, Math.max(0, this.start - occasion.acceptedAt)),
        ...extra,
        ...summed,
      ],
      response,
      logs: this.parts,
    };
  }
}
