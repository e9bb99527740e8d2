/** Every key of the stack config: those of every stack here and in `stack.ts`, all others from the targets that take them. */
import { z } from 'zod';
import type { ConfigKey, Keys } from '../key';
import type { Target } from '../target';
import { TARGETS } from '../targets/all-targets';
import { STACK_KEYS } from './stack';

const TARGET_LIST: readonly [string, Target][] = Object.entries(TARGETS);

const targetKey: ConfigKey = {
  schema: z.enum(TARGET_LIST.map(([name]) => name)),
  allowed: TARGET_LIST.map(([name, { is }]) => `${name} (${is})`)
    .join(', ')
    .replace(/, (?=[^,]*$)/, ' or '),
  example: 'local',
  default: 'local',
};

const { student, ...others } = STACK_KEYS;
/** What every stack takes. */
const OF_EVERY_STACK: Keys = { student, target: targetKey, ...others };

/** All keys, without the `pdfmagic:` before them. */
export const KEYS: Keys = Object.fromEntries(
  [OF_EVERY_STACK, ...TARGET_LIST.map(([, { keys }]) => keys)].flatMap((keys) => Object.entries(keys)),
);

/** Whether a stack on a target takes a key, and can do without it. */
export function findUse(name: string, { keys, needed }: Target): 'needed' | 'optional' | undefined {
  if (name === 'student' || needed.includes(name)) return 'needed';
  return Object.hasOwn(OF_EVERY_STACK, name) || Object.hasOwn(keys, name) ? 'optional' : undefined;
}
