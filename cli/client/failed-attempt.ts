/** Why a new file has not become a PDF: what the records of OpenWhisk and the feed on this machine tell of its attempts. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { followActivations, parseActivation } from '../../feed/outcome';
import { tellsDiskFull } from '../../ground/disk-full';
import { Failure } from '../failure';
import type { Stack } from '../stack/stack';
import { jsonOf } from './http';
import { type OpenWhiskApi, readRefusal } from './openwhisk';

/** A file as its event names it. */
export interface NewFile {
  readonly name: string;
  readonly generation: bigint;
}

/** Milliseconds between two looks. The first comes after most conversions are done. */
const LOOK_PAUSE = 2000;
/** Milliseconds that the clocks of client and server may differ. */
const CLOCK_SKEW = 60_000;
/** How often OpenWhisk itself fails at an event until that is told: one failure may pass, and the feed tries again. */
const PATIENCE = 2;

/** `whisk internal error` is OpenWhisk's own failure, with its words; any other is one of the action. */
const INTERNAL_ERROR = /: whisk internal error(?:: ([^;]*))?/;

const event = z.object({ name: z.string(), generation: z.coerce.string() });
const flow = z.object({ trouble: z.string().optional() });

/** Looks for failed attempts. It needs the key; without it, or while OpenWhisk does not answer, nothing is found. */
export class FailedAttempts {
  private readonly since = Date.now() - CLOCK_SKEW;
  private readonly seen = new Set<string>();
  private readonly follow;
  private passing = 0;

  constructor(
    private readonly stack: Stack,
    private readonly openwhisk: OpenWhiskApi,
    private readonly file: NewFile,
  ) {
    const read = async (id: string, signal: AbortSignal) => {
      const answer = await openwhisk.get(`activations/${encodeURIComponent(id)}`, signal);
      if (answer.status === 404) return undefined;
      if (answer.status !== 200) throw readRefusal(answer);
      return parseActivation(jsonOf(answer));
    };
    this.follow = followActivations({ read, log: () => undefined });
  }

  /** Waits for one that another attempt will not mend soon. @returns why it failed. @throws the reason of the signal */
  async wait(signal: AbortSignal): Promise<Failure> {
    for (;;) {
      await sleep(LOOK_PAUSE, undefined, { signal });
      const found = await this.look(signal).catch(() => undefined);
      if (found !== undefined) return found;
    }
  }

  private async look(signal: AbortSignal): Promise<Failure | undefined> {
    for (const id of await this.listFirings(signal)) {
      const outcome = await this.follow(id, signal);
      if (outcome.outcome === 'unknown') return undefined;
      this.seen.add(id);
      const found = outcome.outcome === 'failed' ? this.judge(outcome.reason) : undefined;
      if (found !== undefined) return found;
    }
    return this.lookAtFeed(signal);
  }

  /** Firings of the trigger by this file that are new, the oldest first. */
  private async listFirings(signal: AbortSignal): Promise<string[]> {
    const { name, generation } = this.file;
    const trigger = this.stack.openwhisk?.trigger ?? '';
    const isOurs = (result: unknown): boolean => {
      const fired = event.safeParse(result).data;
      return fired?.name === name && fired.generation === `${generation}`;
    };
    const firings = await this.openwhisk.records(200, { name: trigger, since: this.since }, signal);
    return firings
      .filter(({ activationId, response }) => !this.seen.has(activationId) && isOurs(response.result))
      .map(({ activationId }) => activationId)
      .reverse();
  }

  /** The feed on this machine says when it cannot fire the trigger at all. */
  private async lookAtFeed(signal: AbortSignal): Promise<Failure | undefined> {
    const { deadLetters, openwhisk } = this.stack;
    if (!deadLetters?.startsWith('http')) return undefined;
    const url = new URL(`triggers/_/${encodeURIComponent(openwhisk?.trigger ?? '')}`, deadLetters).href;
    const { trouble } = flow.parse(jsonOf(await this.openwhisk.get(url, signal)));
    return trouble === undefined ? undefined : this.judge(`: whisk internal error: ${trouble}`);
  }

  private judge(reason: string): Failure | undefined {
    const [internal, words] = INTERNAL_ERROR.exec(reason) ?? [];
    const isFull = words !== undefined && tellsDiskFull(words);
    const isLast = this.stack.events === 'none' || isFull;
    if (internal !== undefined) this.passing += 1;
    if (internal !== undefined && !isLast && this.passing < PATIENCE) return undefined;
    const hint =
      this.stack.events === 'none'
        ? 'Try again.'
        : 'The service tries this file again by itself: `pdfmagic status` shows what becomes of it.';
    return new Failure(`The conversion failed: ${words ?? reason}`, hint);
  }
}
