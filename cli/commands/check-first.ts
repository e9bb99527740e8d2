/** Options are checked by the rules of the stack config before a command begins. */
import type { StackOptions } from './options';

/**
 * Makes the action of a command: loads it only when it is called, and checks its options before anything is started.
 * @param more what the command gets besides its options, such as the terminal
 */
export function checkFirst<O extends object, M extends readonly unknown[]>(
  load: () => Promise<(options: O, ...more: M) => Promise<void>>,
  ...more: M
): (options: O) => Promise<void> {
  return async (options) => {
    const { checkOptions } = await import('./options.js');
    checkOptions(options as Partial<StackOptions>);
    const run = await load();
    await run(await withPlatform(options), ...more);
  };
}

/** A stack stays on the platform that it is deployed on, unless an option names one. */
async function withPlatform<O extends object>(options: O): Promise<O> {
  const stack = options as Partial<StackOptions>;
  if (stack.student === undefined || stack.data === undefined || stack.platform !== undefined) return options;
  const { chosenPlatform } = await import('./platform-change.js');
  return { ...options, platform: chosenPlatform({ student: stack.student, data: stack.data }) };
}
