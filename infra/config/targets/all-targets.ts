/** The targets. A line here is a target of the stack config; `infra/targets/targets.ts` has what opens each. */
import { readStack } from '../keys/stack';
import type { Reader } from '../reader';
import type { Target } from '../target';
import { existing } from './existing';
import { gke } from './gke';
import { kubernetes } from './kubernetes';
import { local } from './local';

export const TARGETS = { local, existing, kubernetes, gke } as const satisfies Readonly<Record<string, Target>>;

/** The name of a target. */
export type TargetName = keyof typeof TARGETS;

/** The stack config as typed values: of one target, or of any. */
export type StackConfig<Name extends TargetName = TargetName> = {
  readonly [Each in Name]: Readonly<
    { target: Each } & ReturnType<typeof readStack> & ReturnType<(typeof TARGETS)[Each]['read']>
  >;
}[Name];

/** Whether there is such a target. */
export function isTarget(name: string): name is TargetName {
  return Object.hasOwn(TARGETS, name);
}

/** Reads the checked config of a target. */
export function readStackConfig(target: TargetName, read: Reader<string>, stack: string): StackConfig {
  // The table has for each target what reads just its config.
  return { target, ...readStack(read), ...TARGETS[target].read(read, stack) } as StackConfig;
}
