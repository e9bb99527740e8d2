/**
 * What became of a firing, by the records of OpenWhisk: the logs of the trigger's own activation name the activation of each
 * rule's action (`RuleActivationResult` in Triggers.scala of apache/openwhisk), and their records tell how these ended.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { messageOf } from '../ground/errors';

/** How a firing came out. */
export type Outcome =
  /** Each action ended by itself, be it by an error of its own that another attempt would not change. */
  | { readonly outcome: 'done' }
  /** Not all did; another firing may. */
  | { readonly outcome: 'failed'; readonly reason: string }
  /** Nobody waited for it to the end. */
  | { readonly outcome: 'unknown' };

/** What the outcome is told by, out of the record of an activation. */
const activation = z.object({
  response: z.object({ status: z.string(), result: z.unknown().optional() }),
  logs: z.array(z.string()).default([]),
});
export type Activation = z.infer<typeof activation>;

/**
 * Gives the record of an activation, undefined while there is none.
 * @throws Error in words when it cannot be told
 */
export type ReadActivation = (id: string, signal: AbortSignal) => Promise<Activation | undefined>;

/** Reads the JSON of `GET /activations/ID`. @throws Error */
export function parseActivation(json: unknown): Activation {
  return activation.parse(json);
}

/** Milliseconds. */
export interface Patience {
  /** Pause before the first look at a record that was not there; it grows by half with each. */
  readonly firstPause: number;
  readonly longestPause: number;
  /** Without a record after so long, an activation is given up. Time in which OpenWhisk cannot be asked does not count. */
  readonly bound: number;
}

/** An action may run for five minutes, and wait for its turn as long again. */
export const PATIENCE: Patience = { firstPause: 50, longestPause: 2000, bound: 600_000 };

export interface FollowOptions {
  readonly read: ReadActivation;
  readonly patience?: Patience;
  /** Takes lines for people. */
  readonly log: (line: string) => void;
}

/** Waits until a firing has come out; given the activation id of the trigger. Must not throw. */
export type Follow = (activationId: string, signal: AbortSignal) => Promise<Outcome>;

/** A line in the logs of a fired trigger. */
const ruleResult = z.object({
  rule: z.string(),
  action: z.string(),
  activationId: z.string().optional(),
  error: z.string().optional(),
});

/** OpenWhisk's message of a rule that is switched off: nothing was to happen. */
const INACTIVE = /^Rule '.*' is inactive, action '.*' was not activated\.$/;

/**
 * Of an action that asks for its event again: `{"error": {"message": "...", "retry": true}}`. Of a result with `error`, OpenWhisk
 * keeps nothing else (`ActivationResponse.processRunResponseContent`).
 */
const askingAgain = z.object({ error: z.object({ retry: z.literal(true) }) });

/** Follows a firing from the trigger's record to those of its actions. */
export function followActivations({ read, patience = PATIENCE, log }: FollowOptions): Follow {
  const recordOf = waitForRecords(read, patience, log);
  return async (activationId, signal) => {
    const fired = await recordOf(activationId, signal);
    if (signal.aborted) return { outcome: 'unknown' };
    if (fired === undefined) return fail(`there is no record ${activationId} of the fired trigger`);
    const reasons = await Promise.all(
      fired.logs.map(async (line) => {
        const rule = ruleResult.safeParse(tryJson(line)).data;
        if (rule === undefined) return undefined;
        const { action, activationId: id, error = 'no reason given' } = rule;
        if (id === undefined) return INACTIVE.test(error) ? undefined : `${action} was not invoked: ${error}`;
        const record = await recordOf(id, signal);
        const reason = record === undefined ? 'it has no record' : findReasonToRetry(record);
        return reason === undefined ? undefined : `${action}, activation ${id}: ${reason}`;
      }),
    );
    if (signal.aborted) return { outcome: 'unknown' };
    const told = reasons.filter((reason) => reason !== undefined);
    return told.length === 0 ? { outcome: 'done' } : fail(told.join('; '));
  };
}

function fail(reason: string): Outcome {
  return { outcome: 'failed', reason };
}

/** Why an action is to have its event again; undefined when how it ended is an end. */
function findReasonToRetry({ response: { status, result } }: Activation): string | undefined {
  const words = `${status}${describeError(result)}`;
  // The other two: its code came to no end of its own, or OpenWhisk failed at it.
  if (status !== 'success' && status !== 'application error') return words;
  return askingAgain.safeParse(result).success ? words : undefined;
}

function describeError(result: unknown): string {
  const text = readError(result);
  return text === undefined ? '' : `: ${text.slice(0, 500)}`;
}

/** The `error` in the result of an activation, in words: its `message` if it has one; undefined when there is none. */
export function readError(result: unknown): string | undefined {
  const told = z.object({ error: z.unknown().optional() }).safeParse(result).data?.error;
  if (told === undefined || typeof told === 'string') return told;
  return z.object({ message: z.string() }).safeParse(told).data?.message ?? JSON.stringify(told);
}

/** Reads a record until it is there; undefined when it is not within the bound, or nobody waits any more. */
function waitForRecords(read: ReadActivation, patience: Patience, log: (line: string) => void): ReadActivation {
  let trouble: string | undefined;
  return async (id, signal) => {
    let pause = patience.firstPause;
    for (let waited = 0; waited < patience.bound && !signal.aborted; ) {
      try {
        const record = await read(id, signal);
        trouble = undefined;
        if (record !== undefined) return record;
        waited += pause;
      } catch (error) {
        const reason = messageOf(error);
        if (!signal.aborted && trouble !== reason) log(`feed: activations cannot be read: ${reason}. Trying again.`);
        trouble = reason;
      }
      await sleep(pause, undefined, { signal }).catch(() => undefined);
      pause = Math.min(patience.longestPause, pause * 1.5);
    }
    return undefined;
  };
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
