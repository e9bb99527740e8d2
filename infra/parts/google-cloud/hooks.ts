/** Pulumi's hooks of every resource on Google Cloud: what only needs time is tried again, and a refusal is explained. */
import { setTimeout as sleep } from 'node:timers/promises';
import * as pulumi from '@pulumi/pulumi';
import { findWait } from './passing-trouble';
import { explainRefusal } from './refusals';

/** Pauses by this; tests bring their own. */
export type Sleep = (milliseconds: number) => Promise<unknown>;

/**
 * What a hook does about a failure.
 * @param errors what every attempt so far ended with, the newest first
 * @param explain other refusals that this resource can meet, before those that any can
 * @returns whether Pulumi is to try again
 */
export async function judgeFailure(
  errors: readonly string[],
  explain: (error: string) => string | undefined = () => undefined,
  pause: Sleep = sleep,
): Promise<boolean> {
  const newest = errors[0] ?? '';
  const wait = findWait(errors);
  if (wait === undefined) {
    const text = explain(newest) ?? explainRefusal(newest);
    if (text !== undefined) await pulumi.log.error(text);
    // A refusal stays one; anything else is Pulumi's to report.
    return false;
  }
  await pulumi.log.info(`${wait.what}: next attempt in ${wait.pause / 1000} s`);
  await pause(wait.pause);
  return true;
}

/** The hook of all resources. It needs its program: `pulumi destroy` and `refresh`, which run none, try nothing again. */
export function makeHook(name: string, explain?: (error: string) => string | undefined): pulumi.ErrorHook {
  return new pulumi.ErrorHook(name, ({ errors }) => judgeFailure(errors, explain));
}

/**
 * Asks Google, as a resource would be made: with the same patience. Hooks are for resources alone.
 * @throws the newest error
 */
export async function askPatiently<T>(ask: () => Promise<T>, pause: Sleep = sleep): Promise<T> {
  const errors: string[] = [];
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      errors.unshift(error instanceof Error ? error.message : String(error));
      if (!(await judgeFailure(errors, undefined, pause))) throw error;
    }
  }
}
