/** Accepts invocations: within a bound, and durably where the answer promises that they will run. */

import { messageOf } from '../../../ground/errors';
import type { JsonObject } from '../../../ground/json';
import type { Invoker } from '../../invoker/contract';
import { type Identity, Refusal } from '../core';
import { messages } from '../entity/messages';
import { listFinalParameters } from '../entity/parameters';
import type { PreparedRecord } from '../store/activations';
import { bytesOf } from '../store/environment';
import type { QueueEntry } from '../store/queue';
import type { Store } from '../store/store';
import { Dispatcher, StoppedError } from './dispatcher';
import type { ActivationRecord } from './record';
import { makeActivationId, Runner } from './runner';
import { codeIdOf, type InvocationTarget } from './target';
import { Waiters } from './waiters';
import { ActivationWriter } from './writer';

/** What the service works on. */
export interface ServiceOptions {
  readonly store: Store;
  readonly invoker: Invoker;
  readonly identity: Identity;
  /** Invocations accepted and not ended; more are refused with 429. */
  readonly maxInFlight: number;
  readonly log: (line: string) => void;
}

/** What is to be invoked. */
export interface InvocationRequest {
  readonly target: InvocationTarget;
  readonly payload: JsonObject;
  readonly transactionId: string;
}

/** How a blocking invocation came out; without `record` it goes on and will have run even if the platform is killed. */
export interface BlockingAnswer {
  readonly activationId: string;
  readonly record?: ActivationRecord;
}

/** Milliseconds between looks for records beyond their age. */
const PRUNE_INTERVAL_MS = 60_000;

/**
 * All invocations of a platform, from their acceptance to their records: blocking (`invoke`), not blocking (`accept`), and
 * those that an earlier process left (`recover`).
 */
export class ActivationService {
  readonly writer: ActivationWriter;
  private readonly dispatcher: Dispatcher;
  private readonly runner: Runner;
  private readonly waiters = new Waiters();
  private readonly pruning: NodeJS.Timeout;
  private inFlight = 0;
  private stopping = false;

  constructor(private readonly options: ServiceOptions) {
    const { store, invoker, log } = options;
    this.writer = new ActivationWriter(store, log);
    this.dispatcher = new Dispatcher(invoker);
    this.runner = new Runner(store, this.dispatcher, this.writer);
    this.pruning = setInterval(() => this.writer.prune(), PRUNE_INTERVAL_MS).unref();
  }

  /**
   * Refuses what may not run now.
   * @throws Refusal 400 for a payload that sets final parameters
   */
  checkPayload({ target, payload }: InvocationRequest): void {
    const final = listFinalParameters(target.parameters, target.annotations);
    if (final.some((key) => Object.hasOwn(payload, key))) throw new Refusal(400, messages.parametersNotAllowed);
  }

  /**
   * Makes sure that `count` more invocations fit.
   * @throws Refusal 429 when they do not, 503 when the platform stops
   */
  checkRoom(count: number): void {
    if (this.stopping) throw new Refusal(503, 'The local platform is stopping.');
    const { maxInFlight } = this.options;
    if (this.inFlight + count > maxInFlight) {
      throw new Refusal(429, messages.tooManyConcurrent(this.inFlight, maxInFlight));
    }
  }

  /**
   * Accepts invocations that nobody waits for: they are on the disk when this resolves, and run in any case.
   * `records` are kept in the same transaction.
   * @returns their activation ids, in order
   * @throws Refusal 429, 503
   */
  async accept(
    requests: readonly InvocationRequest[],
    records: (ids: string[]) => ActivationRecord[],
  ): Promise<string[]> {
    this.checkRoom(requests.length);
    const { store } = this.options;
    const entries = requests.map((request) => this.entryOf(request));
    const ids = entries.map((entry) => entry.activationId);
    const kept = records(ids).map((record) => store.activations.prepare(record));
    // Their places are taken, and their code stays, while they are being written.
    const ends = entries.map(({ target }) => this.begin(target));
    try {
      await this.persist(entries, kept);
      store.activations.settle(kept);
      for (const { payload: _, ...entry } of entries) {
        // The payload waits in the store, not in memory.
        this.startQuietly(entry, () => store.queue.get(entry.activationId)?.payload ?? {});
      }
    } finally {
      for (const end of ends) end();
    }
    return ids;
  }

  /** Counts an invocation as in flight and holds its code, until the function that is returned is called. */
  private begin(target: InvocationTarget): () => void {
    const { code } = this.options.store;
    const codeId = codeIdOf(target);
    this.inFlight += 1;
    if (codeId !== undefined) code.hold(codeId);
    return () => {
      this.inFlight -= 1;
      if (codeId !== undefined) code.release(codeId);
    };
  }

  /**
   * Invokes and waits at most `waitMs`. What has not ended by then is made durable before this resolves.
   * @throws Refusal 400, 429, 503
   */
  async invoke(request: InvocationRequest, waitMs: number): Promise<BlockingAnswer> {
    this.checkPayload(request);
    this.checkRoom(1);
    const { store } = this.options;
    const entry = this.entryOf(request);
    const { activationId } = entry;
    const waited = await this.waiters.wait(
      this.start(entry, () => entry.payload),
      waitMs,
    );
    if (waited.ended) return { activationId, record: waited.value };
    if (waited.failed !== undefined) throw new Refusal(503, messageOf(waited.failed));
    const record = this.writer.get(activationId) ?? store.activations.get(activationId);
    if (record) return { activationId, record };
    await this.persist([entry]);
    return { activationId };
  }

  /** Has invocations and records on the disk. @throws Refusal 503 when that does not work */
  private async persist(entries: readonly QueueEntry[], records: readonly PreparedRecord[] = []): Promise<void> {
    const { store } = this.options;
    const prepared = entries.map((entry) => store.queue.prepare(entry));
    const texts = [...prepared, ...records.map(({ record }) => ({ text: record }))].map(({ text }) => text);
    try {
      await store.commit(() => {
        for (const entry of prepared) store.queue.put(entry);
        store.activations.put(records);
      }, bytesOf(texts));
      await store.flush();
    } catch (error) {
      this.options.log(messageOf(error));
      throw new Refusal(503, messageOf(error));
    }
  }

  private entryOf({ target, payload, transactionId }: InvocationRequest): QueueEntry {
    return { activationId: makeActivationId(), transactionId, target, payload, acceptedAt: Date.now() };
  }

  private async start(entry: Omit<QueueEntry, 'payload'>, payload: () => JsonObject): Promise<ActivationRecord> {
    const { target, activationId, transactionId, acceptedAt } = entry;
    const { identity } = this.options;
    const end = this.begin(target);
    try {
      return await this.runner.run(target, payload, { activationId, transactionId, acceptedAt, identity });
    } finally {
      end();
    }
  }

  private startQuietly(entry: Omit<QueueEntry, 'payload'>, payload: () => JsonObject): void {
    this.start(entry, payload).catch((error: unknown) => {
      // It stays in the queue and runs at the next start.
      if (!(error instanceof StoppedError)) {
        this.options.log(`Activation ${entry.activationId} is left for the next start: ${String(error)}`);
      }
    });
  }

  /** Runs again what an earlier process accepted and did not end. Returns how many these are. */
  recover(): number {
    const { store } = this.options;
    const ids = store.queue.ids();
    for (const id of ids) {
      const entry = store.queue.get(id);
      if (!entry) continue;
      const { payload: _, ...rest } = entry;
      this.startQuietly(rest, () => store.queue.get(id)?.payload ?? {});
    }
    store.code.sweep(store.entities.codeIds());
    return ids.length;
  }

  /** Stops accepting, gives blocking calls `graceMs` to end, makes the others durable, and writes the last records. */
  async stop(graceMs: number): Promise<void> {
    this.stopping = true;
    clearInterval(this.pruning);
    await this.waiters.drain(graceMs);
    this.dispatcher.stop();
    await this.writer.stop();
  }
}
